// Normalisations as the operators that they are made of.
#pragma once
#include "graph/graph.h"

namespace cnnc {

// Of what is the same everywhere the variance is 0, and without it the quotient were none.
inline constexpr double kLeastEps = 1e-30;

// The part of a network that a node of layernorm, instancenorm, groupnorm, rmsnorm or l2norm stands for: node
// 0 is its input, of that shape, the last one its result. Each is named after what it holds: "mean",
// "variance". What the normalisation has learned is the constants of nodes of it, bound where its own
// parameters are.
Graph arithmetic_of(const Node& norm, const Shape& input);

}  // namespace cnnc
