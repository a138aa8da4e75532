#include "passes/expand_norms.h"

#include <fmt/format.h>

#include <utility>

#include "ops/norm/arithmetic.h"
#include "ops/registry.h"

namespace cnnc {
namespace {

// Appends what the node stands for to a graph that has its input already; returns the last one's number
// there.
NodeId append_arithmetic(Graph& to, const Node& norm) {
  Graph part = arithmetic_of(norm, to.nodes[static_cast<size_t>(norm.inputs[0])].shape);
  std::vector<NodeId> place = {norm.inputs[0]};
  for (size_t i = 1; i < part.nodes.size(); ++i) {
    Node& node = part.nodes[i];
    for (NodeId& input : node.inputs) input = place[static_cast<size_t>(input)];
    node.name = fmt::format("{} of {}", node.name, norm.name);
    node.where = norm.where;
    place.push_back(static_cast<NodeId>(to.nodes.size()));
    to.nodes.push_back(std::move(node));
  }
  to.nodes.back().name = norm.name;
  to.nodes.back().covers = norm.covers;
  return place.back();
}

}  // namespace

Graph expand_norms(Graph graph) {
  Graph result;
  std::vector<NodeId> place;  // in the result, of each node
  for (Node& node : graph.nodes) {
    for (NodeId& input : node.inputs) input = place[static_cast<size_t>(input)];
    const bool is_composed = facts_of(node).is_composed;
    place.push_back(static_cast<NodeId>(result.nodes.size()));
    if (is_composed)
      place.back() = append_arithmetic(result, node);
    else
      result.nodes.push_back(std::move(node));
  }
  for (NodeId& input : graph.inputs) input = place[static_cast<size_t>(input)];
  for (GraphOutput& output : graph.outputs) output.node = place[static_cast<size_t>(output.node)];
  graph.nodes = std::move(result.nodes);
  return graph;
}

}  // namespace cnnc
