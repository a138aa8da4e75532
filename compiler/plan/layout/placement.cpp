#include "plan/layout/placement.h"

#include <algorithm>
#include <numeric>

#include "ops/registry.h"

namespace cnnc {

namespace {

bool is_output(const Graph& graph, NodeId id) {
  return std::any_of(graph.outputs.begin(), graph.outputs.end(),
                     [&](const GraphOutput& output) { return output.node == id; });
}

// Whether a step of its own computes the tensor, which so can be written anywhere.
bool can_be_placed(const Graph& graph, const std::vector<Layout>& layouts, NodeId id) {
  const Node& node = graph.nodes[id];
  const bool written_to_caller = is_output(graph, id) && layouts[id].is_plain();
  return !is_input(node) && !facts_of(node).is_alias && !written_to_caller &&
         !is_aligned_slice(graph, layouts, id);
}

// Sets of nodes that are stored together.
struct Sets {
  std::vector<NodeId> parent;
  NodeId root(NodeId id) {
    while (parent[id] != id) id = parent[id] = parent[parent[id]];
    return id;
  }
};

void widen(Layout& layout, const Layout& other) {
  layout.top = std::max(layout.top, other.top);
  layout.bottom = std::max(layout.bottom, other.bottom);
  layout.left = std::max(layout.left, other.left);
  layout.right = std::max(layout.right, other.right);
}

void share_halos(const Graph& graph, const std::vector<Placement>& placements, std::vector<Layout>& layouts) {
  Sets sets{std::vector<NodeId>(graph.nodes.size())};
  std::iota(sets.parent.begin(), sets.parent.end(), 0);
  for (size_t id = 0; id < graph.nodes.size(); ++id) {
    const Node& node = graph.nodes[id];
    if (placements[id].whole >= 0)
      sets.parent[sets.root(static_cast<NodeId>(id))] = sets.root(placements[id].whole);
    // The caller's tensors have no halo.
    if (is_aligned_slice(graph, layouts, static_cast<NodeId>(id)) && !is_input(graph.nodes[node.inputs[0]]))
      sets.parent[sets.root(static_cast<NodeId>(id))] = sets.root(node.inputs[0]);
  }
  for (size_t id = 0; id < graph.nodes.size(); ++id)
    widen(layouts[sets.root(static_cast<NodeId>(id))], layouts[id]);
  for (size_t id = 0; id < graph.nodes.size(); ++id)
    widen(layouts[id], layouts[sets.root(static_cast<NodeId>(id))]);
}

}  // namespace

std::vector<int64_t> concat_offsets(const Graph& graph, const Node& concat) {
  std::vector<int64_t> offsets;
  int64_t channels = 0;
  for (const NodeId input : concat.inputs) {
    offsets.push_back(channels);
    channels += graph.nodes[input].shape.channels();
  }
  return offsets;
}

bool is_aligned_concat(const Graph& graph, const Node& concat, int64_t block) {
  const std::vector<int64_t> offsets = concat_offsets(graph, concat);
  return std::all_of(offsets.begin(), offsets.end(), [&](int64_t offset) { return offset % block == 0; });
}

int64_t slice_begin(const Graph& graph, const Node& slice) {
  if (slice.op == "slice") return integer(slice.attributes, "begin");
  const int64_t channels = graph.nodes[slice.inputs[0]].shape.channels();
  return channels / integer(slice.attributes, "parts") * integer(slice.attributes, "part");
}

bool is_aligned_slice(const Graph& graph, const std::vector<Layout>& layouts, NodeId id) {
  const Node& node = graph.nodes[id];
  if (node.op != "slice" && node.op != "split") return false;
  const int64_t block = layouts[id].block;
  const bool lies_alike = !node.shape.is_map() || layouts[node.inputs[0]].block == block;
  return lies_alike && slice_begin(graph, node) % block == 0;
}

std::vector<Placement> choose_placements(const Graph& graph, std::vector<Layout>& layouts) {
  std::vector<Placement> placements(graph.nodes.size());
  for (size_t id = 0; id < graph.nodes.size(); ++id) {
    const Node& node = graph.nodes[id];
    const int64_t block = layouts[id].block;
    if (node.op != "concat" || !is_aligned_concat(graph, node, block)) continue;
    const std::vector<int64_t> offsets = concat_offsets(graph, node);
    for (size_t i = 0; i < node.inputs.size(); ++i) {
      const NodeId input = node.inputs[i];
      if (placements[input].whole < 0 && layouts[input].block == block &&
          can_be_placed(graph, layouts, input))
        placements[input] = {static_cast<NodeId>(id), offsets[i]};
    }
  }
  share_halos(graph, placements, layouts);
  return placements;
}

}  // namespace cnnc
