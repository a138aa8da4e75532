// Tensors that are parts of others: what makes concat and slice cost nothing.
#pragma once
#include <vector>

#include "graph/graph.h"
#include "plan/layout.h"

namespace cnnc {

// The first channel of each input of a concat in its result.
std::vector<int64_t> concat_offsets(const Graph& graph, const Node& concat);

// Whether each input of a concat begins with a block of channels: then each can be written to its place in
// the result by itself. Else one kernel gathers them.
bool is_aligned_concat(const Graph& graph, const Node& concat, int64_t block);

// The first channel of the part of its input that a slice (or split) is.
int64_t slice_begin(const Graph& graph, const Node& slice);

// Whether the node is a slice (or split) that lies in blocks as its input does and begins with one of them:
// then it is a part of it.
bool is_aligned_slice(const Graph& graph, const std::vector<Layout>& layouts, NodeId id);

// The concat in whose result a node's tensor is stored from that channel on; whole = -1: it is stored alone.
struct Placement {
  NodeId whole = -1;
  int64_t first_channel = 0;
};

// One placement a node. A tensor is stored in the first aligned concat that it is an input of, unless it is
// the caller's or stored with another already. All that is stored together gets the widest halo of all.
std::vector<Placement> choose_placements(const Graph& graph, std::vector<Layout>& layouts);

}  // namespace cnnc
