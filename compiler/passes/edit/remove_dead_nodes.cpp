#include "passes/edit/remove_dead_nodes.h"

#include "passes/edit/rewrite.h"

namespace cnnc {

Graph remove_dead_nodes(Graph graph) {
  std::vector<bool> alive(graph.nodes.size(), false);
  for (NodeId input : graph.inputs) alive[input] = true;
  for (const GraphOutput& output : graph.outputs) alive[output.node] = true;
  for (size_t id = graph.nodes.size(); id-- > 0;)
    if (alive[id])
      for (NodeId input : graph.nodes[id].inputs) alive[input] = true;
  return keep_nodes(std::move(graph), alive);
}

}  // namespace cnnc
