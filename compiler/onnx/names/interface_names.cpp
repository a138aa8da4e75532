#include "onnx/names/interface_names.h"

#include <cctype>

#include "elaborate/identifiers/identifiers.h"
#include "onnx/names/identifiers.h"

namespace cnnc::onnx {
namespace {

constexpr size_t kLongestName = 200;

bool is_of_exporter(const std::string& value) {
  return value.empty() || value.size() > kLongestName ||
         std::isdigit(static_cast<unsigned char>(value[0])) != 0 || value.find('/') != std::string::npos ||
         identifier_of(value).empty();
}

// TensorFlow's "dense:0" is output 0 of dense.
std::string without_index(const std::string& value) {
  const size_t colon = value.rfind(':');
  return colon == std::string::npos || value.find_first_not_of("0123456789", colon + 1) != std::string::npos
             ? value
             : value.substr(0, colon);
}

std::string wanted_name(const std::string& value, const std::string& what, bool is_only) {
  const std::string plain = without_index(value);
  if (!is_of_exporter(plain)) return identifier_of(plain);
  if (is_only) return what;
  std::string rest = identifier_of(plain.substr(0, kLongestName));
  rest.erase(0, rest.find_first_not_of('_'));
  return rest.empty() ? what : what + "_" + rest;
}

}  // namespace

std::string take_name(InterfaceNames& names, const std::string& value, const std::string& what,
                      bool is_only) {
  std::string name = wanted_name(value, what, is_only);
  if (elaboration::is_reserved(name) || name == "as") name += "_";
  std::string unique = name;
  int& count = names.counts.try_emplace(elaboration::lower(name), 1).first->second;
  while (!names.taken.insert(elaboration::lower(unique)).second)
    unique = name + "_" + std::to_string(++count);
  return unique;
}

}  // namespace cnnc::onnx
