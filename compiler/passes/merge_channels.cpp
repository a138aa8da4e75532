#include "passes/merge_channels.h"

#include <numeric>

#include "ops/channels/channels.h"
#include "ops/registry.h"
#include "passes/edit/remove_dead_nodes.h"
#include "passes/edit/rewrite.h"

namespace cnnc {
namespace {

// So many operators are looked through, which bounds the time that long chains of them take.
constexpr int kMostOperators = 64;

// Neighbouring channels of a tensor.
struct Part {
  NodeId tensor = -1;
  int64_t begin = 0, count = 0;
};

Part whole(const Graph& graph, NodeId tensor) {
  return {tensor, 0, graph.nodes[tensor].shape.channels()};
}

bool is_whole(const Graph& graph, const Part& part) {
  return part.count == graph.nodes[part.tensor].shape.channels();
}

bool moves_channels(const Node& node) {
  return facts_of(node).moves_channels;
}

// Goes from a part of a result to the part of the input that it is; false if it is no neighbouring channels
// of one input.
bool go_up(const Graph& graph, Part& part) {
  const Node& node = graph.nodes[part.tensor];
  if (!moves_channels(node)) return false;
  std::vector<Shape> shapes;
  for (const NodeId input : node.inputs) shapes.push_back(graph.nodes[input].shape);
  for (const ChannelRange& range : source_channels(node, shapes)) {
    const bool is_inside = part.begin >= range.to && part.begin + part.count <= range.to + range.count;
    if (!is_inside || range.from_step != 1 || range.to_step != 1) continue;
    part = {node.inputs[range.input], range.from + part.begin - range.to, part.count};
    return true;
  }
  return false;
}

// The tensor all of whose channels the concat's inputs are parts of, in order; -1: none.
NodeId joined_again(const Graph& graph, const Node& concat) {
  Part joined;
  for (const NodeId input : concat.inputs) {
    Part part = whole(graph, input);
    go_up(graph, part);
    if (joined.tensor < 0) joined.tensor = part.tensor;
    if (part.tensor != joined.tensor || part.begin != joined.count) return -1;
    joined.count += part.count;
  }
  return is_whole(graph, joined) ? joined.tensor : -1;
}

// The input of the shuffle that this one undoes; -1: it undoes none.
NodeId before_shuffles(const Graph& graph, const Node& shuffle) {
  const Node& input = graph.nodes[shuffle.inputs[0]];
  if (input.op != "channel_shuffle") return -1;
  const int64_t groups = integer(shuffle.attributes, "groups"), channels = shuffle.shape.channels();
  return groups == channels / integer(input.attributes, "groups") ? input.inputs[0] : -1;
}

// The inputs of concats that only this one uses, in their place.
void take_over_concats(Graph& graph, Node& concat, const std::vector<int>& uses) {
  std::vector<NodeId> inputs;
  for (const NodeId id : concat.inputs) {
    const Node& input = graph.nodes[id];
    const bool only_here = input.op == "concat" && uses[id] == 1;
    if (!only_here) {
      inputs.push_back(id);
      continue;
    }
    inputs.insert(inputs.end(), input.inputs.begin(), input.inputs.end());
    concat.covers.insert(concat.covers.begin(), input.covers.begin(), input.covers.end());
  }
  concat.inputs = std::move(inputs);
}

void become_slice(Node& node, const Part& part) {
  node.op = "slice";
  node.attributes = {{"begin", part.begin}, {"end", part.begin + part.count}};
  node.inputs = {part.tensor};
}

// Rewrites a node that moves channels; the node that has its value: itself or one before it.
NodeId rewrite(Graph& graph, NodeId id, std::vector<int>& uses) {
  Node& node = graph.nodes[id];
  const NodeId same = node.op == "concat"            ? joined_again(graph, node)
                      : node.op == "channel_shuffle" ? before_shuffles(graph, node)
                                                     : -1;
  if (same >= 0) return same;
  if (node.op == "concat") take_over_concats(graph, node, uses);
  Part part = whole(graph, id);
  int steps = 0;
  while (steps < kMostOperators && go_up(graph, part)) ++steps;
  if (steps > 0 && is_whole(graph, part)) return part.tensor;
  if (steps <= 1) return id;
  become_slice(node, part);
  ++uses[part.tensor];
  return id;
}

}  // namespace

Graph merge_channels(Graph graph) {
  std::vector<int> uses = count_uses(graph);  // or more, of nodes that are used in place of others
  std::vector<NodeId> stands_for(graph.nodes.size());
  std::iota(stands_for.begin(), stands_for.end(), 0);
  for (size_t id = 0; id < graph.nodes.size(); ++id) {
    for (NodeId& input : graph.nodes[id].inputs) input = stands_for[input];
    if (!moves_channels(graph.nodes[id])) continue;
    const NodeId same = stands_for[id] = rewrite(graph, static_cast<NodeId>(id), uses);
    if (same != static_cast<NodeId>(id)) uses[same] += uses[id];
  }
  return remove_dead_nodes(replace_nodes(std::move(graph), stands_for));
}

}  // namespace cnnc
