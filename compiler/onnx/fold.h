// Nodes whose inputs are all known: the arithmetic on shapes that exporters leave in a graph, and what they
// do to weights before they use them.
#pragma once
#include <optional>
#include <vector>

#include "onnx/model.h"

namespace cnnc::onnx {

// The outputs of a node from the values of its inputs (null: left out); empty where the operator is none of
// those that are computed here. Throws Unmapped where the inputs do not suit it, or the result would be too
// large.
std::optional<std::vector<Constant>> fold(const Node& node, const std::vector<const Constant*>& inputs,
                                          int64_t opset);

}  // namespace cnnc::onnx
