// Which nodes are lowered to kernels of the family "tensor", and which of these one kernel computes together.
#pragma once
#include <vector>

#include "graph/graph.h"

namespace cnnc {

// Whether the node is one that the kernels of maps and vectors cannot compute: of another rank, along another axis
// than the channels, or of tensors that are repeated in another way than one pixel is for a map.
bool is_of_tensors(const Graph& graph, const Node& node);

// By node: whether the kernel of the one node that reads its tensor computes it as well, element by element as it is
// needed, so that it is never stored. Nodes from `cut` on are not computed together with those before it.
std::vector<bool> choose_inlined(const Graph& graph, NodeId cut);

// The node whose buffer an alias (reshape, flatten, dropout) shares: itself if it is none.
NodeId source_of_alias(const Graph& graph, NodeId id);

}  // namespace cnnc
