// Texts as identifiers of the language.
#pragma once
#include <string>

namespace cnnc::onnx {

// The text as an identifier: other characters as '_'. "" where none is left.
std::string identifier_of(const std::string& text);

}  // namespace cnnc::onnx
