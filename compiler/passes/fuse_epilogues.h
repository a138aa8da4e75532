#pragma once
#include "graph/graph.h"

namespace cnnc {

// Whether a node's kernel may go on with each element of its result before storing it: conv, dense, batchnorm
// and add take activations (elementwise operators of one input and without parameters); conv and dense take
// adds as well. An epilogue has at most kMaxEpilogue steps, which bounds the kernel's arguments and code.
bool takes_epilogue(const Node& node);
constexpr size_t kMaxEpilogue = 8;

// Moves activations and adds of two tensors into the epilogue of the node that produces their input, where
// that has no other use. Where both inputs of an add come from such a conv or dense layer, the later one
// takes it. The merged node stands in the place of the last node that it covers, so the order of the nodes
// stays topological.
[[nodiscard]] Graph fuse_epilogues(Graph graph);

}  // namespace cnnc
