// Why a node has no place in a network.
#pragma once
#include <string>

namespace cnnc::onnx {

// Thrown where a node is folded or mapped, caught where nodes are walked.
struct Unmapped {
  std::string why;
  std::string hint;
};

}  // namespace cnnc::onnx
