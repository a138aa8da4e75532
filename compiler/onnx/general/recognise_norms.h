// Normalisations that a model writes as the arithmetic that they are.
#pragma once
#include "graph/graph.h"

namespace cnnc::onnx {

// The graph with a layernorm, instancenorm, groupnorm, rmsnorm or l2norm in the place of the nodes that
// compute one: means, squares, a root and a quotient, and what scales and shifts each channel behind them.
// Only where nothing else reads what lies between. The nodes have their values, and no epilogues.
Graph recognise_norms(Graph graph);

}  // namespace cnnc::onnx
