#include "plan/tensors.h"

#include <algorithm>

#include "ops/registry.h"
#include "passes/rewrite.h"

namespace cnnc {

namespace {

// A longer chain becomes several kernels: the code of one is as long as its terms.
constexpr int kMostTerms = 24;

bool is_map_or_vector(const Shape& shape) {
  return shape.is_map() || shape.is_vector();
}

// Of the node's own inputs.
std::vector<Shape> shapes_of(const Graph& graph, const Node& node) {
  std::vector<Shape> shapes;
  for (size_t i = 0; i < node.inputs.size(); ++i)
    if (!is_epilogue_operand(node, static_cast<int>(i))) shapes.push_back(graph.nodes[node.inputs[i]].shape);
  return shapes;
}

// One shape, or of a map one pixel.
bool joins_as_maps(const Shape& result, const std::vector<Shape>& inputs) {
  return std::all_of(inputs.begin(), inputs.end(), [&](const Shape& input) {
    return input == result || (result.is_map() && input == Shape{result.channels(), 1, 1});
  });
}

// Each element of its result is made of one element of each input, so that it can be computed wherever it is
// needed.
bool is_of_single_elements(const Node& node) {
  static constexpr std::string_view others[] = {"concat_along", "matmul",         "softmax",
                                                "log_softmax",  "reduce_max",     "reduce_mean",
                                                "reduce_min",   "reduce_product", "reduce_sum"};
  return std::find(std::begin(others), std::end(others), node.op) == std::end(others);
}

// Reads each element of its input more than once, or several times in turn.
bool reads_again(const Node& node) {
  return node.op == "matmul" || node.op == "softmax" || node.op == "log_softmax" || node.op == "expand";
}

}  // namespace

NodeId source_of_alias(const Graph& graph, NodeId id) {
  while (facts_of(graph.nodes[id]).is_alias) id = graph.nodes[id].inputs[0];
  return id;
}

bool is_of_tensors(const Graph& graph, const Node& node) {
  const OperatorFacts facts = facts_of(node);
  if (facts.is_of_any_rank) return true;
  if (is_input(node) || facts.is_alias) return false;
  if (!is_map_or_vector(node.shape)) return true;
  if (node.op == "softmax" || node.op == "log_softmax") return integer(node.attributes, "along") != 0;
  return (node.op == "add" || node.op == "multiply") && !joins_as_maps(node.shape, shapes_of(graph, node));
}

std::vector<bool> choose_inlined(const Graph& graph, NodeId cut) {
  const std::vector<int> uses = count_uses(graph);
  std::vector<bool> inlined(graph.nodes.size());
  std::vector<int> terms(graph.nodes.size(), 1);  // that the kernel of the node has by now
  for (NodeId id = 0; id < static_cast<NodeId>(graph.nodes.size()); ++id) {
    const Node& node = graph.nodes[id];
    if (!is_of_tensors(graph, node) || reads_again(node)) continue;
    for (const NodeId input : node.inputs) {
      NodeId source = input;
      bool is_read_once = uses[source] == 1;
      while (facts_of(graph.nodes[source]).is_alias) {
        source = graph.nodes[source].inputs[0];
        is_read_once = is_read_once && uses[source] == 1;
      }
      const Node& producer = graph.nodes[source];
      const bool is_cut = source < cut && id >= cut;
      const bool is_repeated = producer.shape.elements() < node.shape.elements() && is_of_single_elements(node) &&
                               node.op != "concat_along";
      if (!is_read_once || is_cut || is_repeated || !is_of_tensors(graph, producer) ||
          !is_of_single_elements(producer) || terms[id] + terms[source] > kMostTerms)
        continue;
      inlined[source] = true;
      terms[id] += terms[source];
    }
  }
  return inlined;
}

}  // namespace cnnc
