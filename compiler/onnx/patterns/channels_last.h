// Models that take pictures as N x H x W x C, as TensorFlow and Keras have them, and transpose them first.
#pragma once
#include <set>
#include <string>

#include "onnx/model.h"

namespace cnnc::onnx {

// The inputs of four dimensions that a Transpose brings to N x C x H x W, at once or after arithmetic
// and products with matrices.
std::set<std::string> channels_last_inputs(const Model& model);

}  // namespace cnnc::onnx
