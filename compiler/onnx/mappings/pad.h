// What a Pad of ONNX says, in whatever opset.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "onnx/translation/translation.h"

namespace cnnc::onnx {

struct GivenPadding {
  std::vector<int64_t> pads;  // before each dimension, then behind each; less than 0 takes away
  std::string mode;           // of our 'pad'
  double value = 0;           // of mode "constant"
};

// Throws Unmapped.
GivenPadding given_padding(const Translation& t, const Node& node, size_t rank);

}  // namespace cnnc::onnx
