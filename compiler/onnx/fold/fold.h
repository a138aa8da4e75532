// Nodes whose inputs are all known: the arithmetic on shapes that exporters leave in a graph, and what they
// do to weights before they use them.
#pragma once
#include <optional>
#include <vector>

#include "onnx/model.h"

namespace cnnc::onnx {

// Elements that all nodes of a model with so many elements of weights may cost to fold together: more than
// exporters write, which standardise each weight by a dozen nodes, and a bound on the time and memory that a
// model can claim with a few bytes.
constexpr int64_t folded_elements(int64_t weights) {
  return (int64_t{1} << 28) + 32 * weights;
}

// Takes the cost off what is left; throws Unmapped where it is more.
void spend_folding(int64_t& left, int64_t elements);

// The outputs of a node from the values of its inputs (null: left out); empty where the operator is none of
// those that are computed here. What it costs is taken off `left`. Throws Unmapped where the inputs do not
// suit it, or it would cost more than is left.
std::optional<std::vector<Constant>> fold(const Node& node, const std::vector<const Constant*>& inputs,
                                          int64_t opset, int64_t& left);

// Whether the operator is one of those that are computed here.
bool can_fold(const Node& node);

}  // namespace cnnc::onnx
