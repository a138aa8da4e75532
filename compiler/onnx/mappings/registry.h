// Which operators of ONNX have a mapping.
#pragma once
#include <string_view>
#include <vector>

#include "onnx/translation/translation.h"

namespace cnnc::onnx {

// A mapping adds the nodes that compute what the ONNX node does, and sets its outputs. Throws Unmapped.
using Mapping = void (*)(Translation&, const Node&);

// The mapping of an operator of ONNX; null: there is none.
Mapping find_mapping(std::string_view op);

// The operators that have one.
std::vector<std::string_view> mapped_operators();

}  // namespace cnnc::onnx
