// Which nodes are lowered to kernels of the family "tensor", and which of these one kernel computes together.
#pragma once
#include <vector>

#include "graph/graph.h"
#include "target/target.h"

namespace cnnc {

// Whether the node is one that the kernels of maps and vectors cannot compute: of another rank, along another
// axis than the channels, or of tensors that are repeated in another way than one pixel is for a map.
bool is_of_tensors(const Graph& graph, const Node& node);

// By node: whether the kernels of the nodes that read its tensor compute it as well, element by element as it
// is needed, so that it is never stored: several only where that costs next to nothing. Nodes from `cut` on
// are not computed together with those before it.
std::vector<bool> choose_inlined(const Graph& graph, NodeId cut);

// A tile of a product of matrices that is summed in registers: rows x vectors of columns.
struct ProductTile {
  int64_t rows = 1, vectors = 1, lanes = 1;
  int64_t columns() const { return vectors * lanes; }
};
// For a result of so many rows and columns. `is_padded`: the second matrix is a constant with whole tiles of
// columns.
ProductTile product_tile(int64_t rows, int64_t columns, bool is_padded, const Target& target);

// The node whose buffer an alias (reshape, flatten, dropout) shares: itself if it is none.
NodeId source_of_alias(const Graph& graph, NodeId id);

}  // namespace cnnc
