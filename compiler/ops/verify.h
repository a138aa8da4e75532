#pragma once
#include "graph/graph.h"

namespace cnnc {

// What verify(graph) cannot know: that each node is what its operator's rules say. Throws std::logic_error
// where an operator does not exist, an attribute has no value, a node has another number of inputs, another
// shape or other parameters than the rules give it, or a step of an epilogue is no elementwise operator. Run
// after elaboration and after every pass.
void verify_operators(const Graph& graph);

}  // namespace cnnc
