#include "passes/fuse_epilogues.h"

#include <algorithm>
#include <utility>

#include "ops/registry.h"
#include "passes/edit/rewrite.h"

namespace cnnc {
namespace {

bool is_activation(const Node& node) {
  const Operator* op = find_operator(node.op);
  return op && op->facts.is_elementwise && op->inputs == 1 && node.parameters.empty() &&
         node.epilogue.empty();
}

// A sum or product of two tensors of one shape.
bool is_join_of_two(const Graph& graph, const Node& node) {
  const auto has_its_shape = [&](NodeId input) { return graph.nodes[input].shape == node.shape; };
  return facts_of(node).is_elementwise && node.inputs.size() == 2 && operator_of(node).inputs == 0 &&
         std::all_of(node.inputs.begin(), node.inputs.end(), has_its_shape);
}

// The input of an activation or a join that can compute it as well; -1: none.
NodeId host_of(const Graph& graph, const Node& node, const std::vector<int>& uses) {
  if (!is_activation(node) && !is_join_of_two(graph, node)) return -1;
  NodeId host = -1;
  for (NodeId input : node.inputs) {
    const Node& producer = graph.nodes[input];
    if (uses[input] != 1 || !takes_epilogue(producer) ||
        producer.epilogue.size() + node.epilogue.size() >= kMaxEpilogue)
      continue;
    const auto rank = [&](NodeId id) { return std::pair(facts_of(graph.nodes[id]).is_contraction, id); };
    if (host < 0 || rank(input) > rank(host)) host = input;
  }
  return host;
}

// The host with one step more; the other tensor of a join becomes its last input. The step's node may have an
// epilogue of activations, which follow.
Node fused(Node host, NodeId host_id, const Node& step) {
  int operand = -1;
  if (step.inputs.size() == 2) {
    operand = static_cast<int>(host.inputs.size());
    host.inputs.push_back(step.inputs[step.inputs[0] == host_id ? 1 : 0]);
  }
  host.epilogue.push_back({step.op, step.attributes, operand});
  host.epilogue.insert(host.epilogue.end(), step.epilogue.begin(), step.epilogue.end());
  return take_over(std::move(host), step);
}

}  // namespace

bool takes_epilogue(const Node& node) {
  return facts_of(node).takes_epilogue;
}

Graph fuse_epilogues(Graph graph) {
  std::vector<int> uses = count_uses(graph);  // stays true for the nodes that stay
  std::vector<bool> keep(graph.nodes.size(), true);
  for (Node& node : graph.nodes) {
    NodeId host = host_of(graph, node, uses);
    if (host < 0) continue;
    node = fused(std::move(graph.nodes[host]), host, node);
    keep[host] = false;
  }
  return keep_nodes(std::move(graph), keep);
}

}  // namespace cnnc
