#include "passes/edit/rewrite.h"

#include <utility>

namespace cnnc {

std::vector<int> count_uses(const Graph& graph) {
  std::vector<int> uses(graph.nodes.size(), 0);
  for (const Node& node : graph.nodes)
    for (NodeId input : node.inputs) ++uses[input];
  for (const GraphOutput& output : graph.outputs) ++uses[output.node];
  return uses;
}

Graph keep_nodes(Graph graph, const std::vector<bool>& keep) {
  std::vector<NodeId> renumbered(graph.nodes.size(), -1);
  std::vector<Node> kept;
  for (size_t id = 0; id < graph.nodes.size(); ++id) {
    if (!keep[id]) continue;
    renumbered[id] = static_cast<NodeId>(kept.size());
    kept.push_back(std::move(graph.nodes[id]));
    for (NodeId& input : kept.back().inputs) input = renumbered[input];
  }
  graph.nodes = std::move(kept);
  for (NodeId& input : graph.inputs) input = renumbered[input];
  for (GraphOutput& output : graph.outputs) output.node = renumbered[output.node];
  return graph;
}

Graph replace_nodes(Graph graph, const std::vector<NodeId>& stands_for) {
  std::vector<bool> keep(graph.nodes.size(), true);
  for (size_t id = 0; id < graph.nodes.size(); ++id) {
    Node& node = graph.nodes[id];
    for (NodeId& input : node.inputs) input = stands_for[input];
    keep[id] = stands_for[id] == static_cast<NodeId>(id);
    Node& same = graph.nodes[stands_for[id]];
    if (!keep[id] && !is_input(same))
      same.covers.insert(same.covers.begin(), node.covers.begin(), node.covers.end());
  }
  for (GraphOutput& output : graph.outputs) output.node = stands_for[output.node];
  return keep_nodes(std::move(graph), keep);
}

Graph rewrite_nodes(Graph graph, const std::function<Node(Node, std::vector<Node>& before)>& rewrite) {
  std::vector<NodeId> renumbered;
  std::vector<Node> nodes;
  for (Node& node : graph.nodes) {
    for (NodeId& input : node.inputs) input = renumbered[input];
    Node rewritten = rewrite(std::move(node), nodes);
    renumbered.push_back(static_cast<NodeId>(nodes.size()));
    nodes.push_back(std::move(rewritten));
  }
  graph.nodes = std::move(nodes);
  for (NodeId& input : graph.inputs) input = renumbered[input];
  for (GraphOutput& output : graph.outputs) output.node = renumbered[output.node];
  return graph;
}

Node take_over(Node producer, const Node& consumer) {
  producer.name = consumer.name;
  producer.covers.insert(producer.covers.end(), consumer.covers.begin(), consumer.covers.end());
  return producer;
}

}  // namespace cnnc
