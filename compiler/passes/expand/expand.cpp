#include "passes/expand/expand.h"

#include <fmt/format.h>

#include <utility>

namespace cnnc {

Node last_of_part(std::vector<Node>& before, const Node& node, Graph part) {
  std::vector<NodeId> place = {node.inputs[0]};
  for (size_t i = 1; i < part.nodes.size(); ++i) {
    Node& step = part.nodes[i];
    for (NodeId& input : step.inputs) input = place[static_cast<size_t>(input)];
    step.name = fmt::format("{} of {}", step.name, node.name);
    step.where = node.where;
    place.push_back(static_cast<NodeId>(before.size()));
    if (i + 1 < part.nodes.size()) before.push_back(std::move(step));
  }
  Node last = std::move(part.nodes.back());
  last.name = node.name;
  last.covers = node.covers;
  return last;
}

}  // namespace cnnc
