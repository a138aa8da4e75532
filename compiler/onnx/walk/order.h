// Graphs whose nodes were rewritten in place while others were added.
#pragma once
#include "graph/graph.h"

namespace cnnc::onnx {

// The same nodes, each after its inputs, otherwise in the order that they had. The graph has no cycle.
Graph in_topological_order(Graph graph);

}  // namespace cnnc::onnx
