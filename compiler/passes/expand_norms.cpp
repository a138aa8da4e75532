#include "passes/expand_norms.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "ops/norm/arithmetic.h"
#include "ops/registry.h"
#include "passes/rewrite.h"

namespace cnnc {
namespace {

// The last of the operators that the node stands for; the others are put behind those that are there.
Node arithmetic_behind(std::vector<Node>& before, const Node& norm) {
  Graph part = arithmetic_of(norm, before[static_cast<size_t>(norm.inputs[0])].shape);
  std::vector<NodeId> place = {norm.inputs[0]};
  for (size_t i = 1; i < part.nodes.size(); ++i) {
    Node& node = part.nodes[i];
    for (NodeId& input : node.inputs) input = place[static_cast<size_t>(input)];
    node.name = fmt::format("{} of {}", node.name, norm.name);
    node.where = norm.where;
    place.push_back(static_cast<NodeId>(before.size()));
    if (i + 1 < part.nodes.size()) before.push_back(std::move(node));
  }
  Node last = std::move(part.nodes.back());
  last.name = norm.name;
  last.covers = norm.covers;
  return last;
}

}  // namespace

Graph expand_norms(Graph graph) {
  return rewrite_nodes(std::move(graph), [](Node node, std::vector<Node>& before) {
    return facts_of(node).is_composed ? arithmetic_behind(before, node) : std::move(node);
  });
}

}  // namespace cnnc
