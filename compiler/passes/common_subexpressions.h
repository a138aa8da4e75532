#pragma once
#include "graph/graph.h"

namespace cnnc {

// Of nodes that compute one value, having the same operator, attributes, inputs, epilogue and values of
// parameters, the first stays: consumers and outputs of the others take it. It covers them, too. Parameters
// without values are equal to none.
[[nodiscard]] Graph common_subexpressions(Graph graph);

}  // namespace cnnc
