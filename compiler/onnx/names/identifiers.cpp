#include "onnx/names/identifiers.h"

#include <cctype>

namespace cnnc::onnx {

std::string identifier_of(const std::string& text) {
  std::string identifier = text;
  for (char& c : identifier)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return identifier.find_first_not_of('_') == std::string::npos ? "" : identifier;
}

}  // namespace cnnc::onnx
