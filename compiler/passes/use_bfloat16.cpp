#include "passes/use_bfloat16.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "ops/halves/halves.h"
#include "ops/registry.h"
#include "ops/verify.h"
#include "passes/fuse_epilogues.h"

namespace cnnc {
namespace {

constexpr int64_t kLeastChannels = 8;

Parameter rounded(const Parameter& weight) {
  Parameter result = weight;
  result.type = ElementType::bfloat16;
  if (!weight.values) return result;
  std::vector<float> values;
  for (const float value : *weight.values) values.push_back(static_cast<float>(rounded_to_bfloat16(value)));
  result.values = std::make_shared<const std::vector<float>>(std::move(values));
  return result;
}

// Whether the weights, if they are known, are numbers that bfloat16 holds: the greatest floats are not.
bool are_in_range(const Parameter& weight) {
  return !weight.values || std::all_of(weight.values->begin(), weight.values->end(),
                                       [](float value) { return std::isfinite(rounded_to_bfloat16(value)); });
}

bool is_for_bfloat16(const Graph& graph, const Node& node) {
  if (node.op != "conv" || integer(node.attributes, "groups") != 1) return false;
  if (graph.nodes[node.inputs[0]].shape.channels() < kLeastChannels) return false;
  if (!are_in_range(*find_parameter(node, "weight"))) return false;
  const auto is_one = [&](const char* name, int64_t without) {
    const std::vector<int64_t>& both = sizes(node.attributes, name);
    return both.empty() ? without == 1 : both[0] == 1 && both[1] == 1;
  };
  return is_one("filter", 0) || !is_one("stride", 1) || !is_one("dilation", 1);
}

class Rewriter {
 public:
  explicit Rewriter(const Graph& graph)
      : old_(graph),
        converts_(graph.nodes.size()),
        floats_wanted_(graph.nodes.size()),
        halves_wanted_(graph.nodes.size()),
        floats_(graph.nodes.size(), -1),
        halves_(graph.nodes.size(), -1) {
    for (size_t id = 0; id < graph.nodes.size(); ++id) note(graph.nodes[id], id);
    for (const GraphOutput& output : graph.outputs) floats_wanted_[output.node] = true;
    new_.name = graph.name;
    new_.labels = graph.labels;
  }

  Graph rewrite() {
    for (NodeId id = 0; id < static_cast<NodeId>(old_.nodes.size()); ++id) add_node(id);
    for (const NodeId input : old_.inputs) new_.inputs.push_back(floats_[input]);
    for (const GraphOutput& output : old_.outputs)
      new_.outputs.push_back({output.name, floats_[output.node]});
    return std::move(new_);
  }

 private:
  // The step of the epilogue that adds that input; null: another reads it.
  static const EpilogueStep* addition_of(const Node& node, size_t input) {
    for (const EpilogueStep& step : node.epilogue)
      if (step.operand == static_cast<int>(input)) return step.op == "add" ? &step : nullptr;
    return nullptr;
  }

  // An operand that is added is read as it is, so a sum alone is no reason to round.
  void note(const Node& node, size_t id) {
    converts_[id] = !is_input(node) && is_for_bfloat16(old_, node);
    for (size_t i = 0; i < node.inputs.size(); ++i) {
      if (converts_[id] && i == 0)
        halves_wanted_[node.inputs[i]] = true;
      else if (!converts_[id] || !addition_of(node, i))
        floats_wanted_[node.inputs[i]] = true;
    }
  }

  NodeId add(Node node) {
    new_.nodes.push_back(std::move(node));
    return static_cast<NodeId>(new_.nodes.size()) - 1;
  }

  // Whether the kernels of a node can store bfloat16: those of convolutions.
  bool can_store(const Node& node) const { return node.op == "conv" && node.epilogue.size() < kMaxEpilogue; }

  NodeId halves_of(NodeId id) {
    if (halves_[id] >= 0) return halves_[id];
    const Node& old = old_.nodes[id];
    Node node;
    node.name = fmt::format("{} as bf16", old.name);
    node.op = "bfloat16";
    node.inputs = {floats_[id]};
    node.shape = old.shape;
    node.where = old.where;
    return halves_[id] = add(std::move(node));
  }

  void add_node(NodeId id) {
    Node node = old_.nodes[id];
    for (size_t i = 0; i < node.inputs.size(); ++i) {
      const NodeId read = node.inputs[i];
      const bool is_stored_as_halves = floats_[read] < 0;
      node.inputs[i] = (converts_[id] && i == 0) || is_stored_as_halves ? halves_of(read) : floats_[read];
      if (!is_stored_as_halves || i == 0) continue;
      for (EpilogueStep& step : node.epilogue)
        if (step.operand == static_cast<int>(i)) step.op = "add_bfloat16";
    }
    if (converts_[id]) {
      node.op = "bfloat16_conv";
      for (Parameter& parameter : node.parameters)
        if (parameter.name == "weight") parameter = rounded(parameter);
    }
    const bool makes_halves = halves_wanted_[id] && !floats_wanted_[id] && can_store(old_.nodes[id]);
    if (makes_halves) node.epilogue.push_back({"bfloat16", {}});
    (makes_halves ? halves_ : floats_)[id] = add(std::move(node));
  }

  const Graph& old_;
  Graph new_;
  // By node of the old graph: whether it becomes one of bfloat16, and as what its result is read.
  std::vector<bool> converts_, floats_wanted_, halves_wanted_;
  std::vector<NodeId> floats_, halves_;  // where its value is in the new graph, or -1
};

}  // namespace

Graph use_bfloat16(Graph graph) {
  Graph result = Rewriter(graph).rewrite();
  verify(result);
  verify_operators(result);
  return result;
}

}  // namespace cnnc
