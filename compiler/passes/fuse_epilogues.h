#pragma once
#include "graph/graph.h"

namespace cnnc {

// Whether a node's kernel may go on with each element of its result before storing it, by activations
// (elementwise operators of one input and without parameters) and by adding or multiplying tensors of its
// shape: conv, dense and the elementwise operators. An epilogue has at most kMaxEpilogue steps, which bounds
// the kernel's arguments and code.
bool takes_epilogue(const Node& node);
constexpr size_t kMaxEpilogue = 8;

// Moves activations, adds and products of two tensors of one shape into the epilogue of the node that
// produces their input, where that has no other use. Where both inputs come from such nodes, a conv or dense
// layer takes it; of two alike the later one. The merged node stands in the place of the last node that it
// covers, so the order of the nodes stays topological.
[[nodiscard]] Graph fuse_epilogues(Graph graph);

}  // namespace cnnc
