// The mappings by file; registry.cpp says which operator has which.
#pragma once
#include "onnx/translation.h"

namespace cnnc::onnx {

// map_conv.cpp
void map_conv(Translation& t, const Node& node);

// map_activation.cpp
void map_plain_activation(Translation& t, const Node& node);

}  // namespace cnnc::onnx
