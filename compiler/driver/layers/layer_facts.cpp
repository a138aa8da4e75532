#include "driver/layers/layer_facts.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "driver/front/counts.h"
#include "ops/registry.h"

namespace cnnc {
namespace {

// "2" for equal sizes behind a keyword, where the language takes one number for both.
std::string written_value(const AttributeRule& rule, const AttributeValue& value) {
  const auto* pair = std::get_if<std::vector<int64_t>>(&value);
  if (rule.kind == AttributeKind::shape) return fmt::format("{}", fmt::join(*pair, "x"));
  if (rule.kind == AttributeKind::axes) return fmt::format("{}", fmt::join(*pair, " "));
  const bool one_number = pair && pair->size() == 2 && pair->at(0) == pair->at(1) && !rule.positional;
  return one_number ? std::to_string(pair->at(0)) : to_string(value);
}

std::string formula(const Graph& graph, const Node& node) {
  const Operator* op = find_operator(node.op);
  return op && op->formula ? op->formula(node.attributes, input_shapes(graph, node), node.shape) : "";
}

std::vector<std::string> input_names(const Graph& graph, const Node& node) {
  std::vector<std::string> names;
  for (const NodeId input : node.inputs) names.push_back(graph.nodes[input].name);
  return names;
}

LayerFacts facts_of(const Graph& graph, const Node& node) {
  LayerFacts facts;
  facts.name = node.name;
  facts.op = node.op;
  facts.written = as_written(graph, node);
  facts.formula = formula(graph, node);
  facts.inputs = input_names(graph, node);
  facts.shape = node.shape;
  facts.parameters = count_parameters(node).learnable;
  facts.statistics = count_parameters(node).statistics;
  facts.macs = macs(graph, node);
  facts.where = node.where;
  return facts;
}

}  // namespace

std::string as_written(const Graph& graph, const Node& node) {
  std::string text = node.op == "concat_along" ? "concat" : node.op;
  if (node.pixels) text += " " + to_string(*node.pixels);
  const Operator* op = find_operator(node.op);
  for (const AttributeRule& rule : op ? op->attributes : std::vector<AttributeRule>()) {
    const auto found = node.attributes.find(rule.name);
    if (found == node.attributes.end() || found->second == rule.default_value) continue;
    if (!rule.positional) text += fmt::format(" {}", rule.name);
    text += " " + written_value(rule, found->second);
  }
  return node.inputs.size() < 2 ? text
                                : fmt::format("{} {}", text, fmt::join(input_names(graph, node), ", "));
}

std::vector<LayerFacts> layer_facts(const Graph& graph) {
  const std::vector<std::optional<picture::Field>> fields = picture::fields_of(graph);
  const std::optional<int64_t> all = macs(graph);
  std::vector<LayerFacts> layers;
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    layers.push_back(facts_of(graph, graph.nodes[i]));
    layers.back().field = fields[i];
    if (all && *all > 0)
      layers.back().macs_share = static_cast<double>(layers.back().macs) / static_cast<double>(*all);
  }
  return layers;
}

}  // namespace cnnc
