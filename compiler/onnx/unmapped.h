// Why a node has no place in a network.
#pragma once
#include <string>

namespace cnnc::onnx {

// Thrown where a node is folded or mapped, caught where nodes are walked.
struct Unmapped {
  std::string why;
  std::string hint;
};

// What to do about a constant that is not a number.
constexpr const char* kNoNumberHint =
    "what it meets is no number either: correct the constant, or take a checkpoint from before";

}  // namespace cnnc::onnx
