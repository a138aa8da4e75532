#include "passes/remove_identities.h"

#include <numeric>

#include "passes/edit/rewrite.h"

namespace cnnc {

Graph remove_identities(Graph graph) {
  std::vector<NodeId> stands_for(graph.nodes.size());  // the node that has this one's value
  std::iota(stands_for.begin(), stands_for.end(), 0);
  std::vector<bool> keep(graph.nodes.size(), true);
  for (size_t id = 0; id < graph.nodes.size(); ++id) {
    Node& node = graph.nodes[id];
    for (NodeId& input : node.inputs) input = stands_for[input];
    if (node.op != "dropout") continue;
    keep[id] = false;
    stands_for[id] = node.inputs[0];
    Node& producer = graph.nodes[node.inputs[0]];
    if (!is_input(producer)) producer = take_over(std::move(producer), node);
  }
  for (GraphOutput& output : graph.outputs) output.node = stands_for[output.node];
  return keep_nodes(std::move(graph), keep);
}

}  // namespace cnnc
