#include "ops/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "ops/registry.h"

namespace cnnc {
namespace {

void require(bool holds, const Node& node, std::string_view what) {
  if (!holds) throw std::logic_error(fmt::format("node '{}' ({}): {}", node.name, node.op, what));
}

// Of the inputs that the operator itself has.
std::vector<Shape> input_shapes(const Graph& graph, const Node& node) {
  std::vector<Shape> shapes;
  for (size_t i = 0; i < node.inputs.size(); ++i)
    if (!is_epilogue_operand(node, static_cast<int>(i))) shapes.push_back(graph.nodes[node.inputs[i]].shape);
  return shapes;
}

bool has_values(const Operator& op, const Attributes& attributes) {
  return std::all_of(op.attributes.begin(), op.attributes.end(),
                     [&](const AttributeRule& rule) { return attributes.count(rule.name) > 0; });
}

bool agree(const std::vector<Parameter>& parameters, const std::vector<ParameterRule>& rules) {
  const auto same = [](const Parameter& p, const ParameterRule& r) {
    return p.name == r.name && p.shape == r.shape;
  };
  return std::equal(parameters.begin(), parameters.end(), rules.begin(), rules.end(), same);
}

void verify_names(const Node& node) {
  require(find_operator(node.op) != nullptr, node, "there is no such operator");
  for (const EpilogueStep& step : node.epilogue)
    require(find_operator(step.op) != nullptr, node,
            fmt::format("'{}' in its epilogue is no elementwise operator", step.op));
}

void verify_epilogue(const Node& node) {
  for (const EpilogueStep& step : node.epilogue) {
    const Operator* op = find_operator(step.op);
    require(op->facts.is_elementwise, node,
            fmt::format("'{}' in its epilogue is no elementwise operator", step.op));
    require(op->inputs != 1 || step.operand == -1, node,
            fmt::format("'{}' in its epilogue has an operand and is no join", step.op));
    require(op->inputs == 1 || step.operand != -1, node,
            fmt::format("'{}' in its epilogue has no operand", step.op));
    require(has_values(*op, step.attributes), node,
            fmt::format("'{}' in its epilogue lacks an attribute", step.op));
  }
}

// Each input of a node is of the type that who reads it takes: the operator, or a step of the epilogue.
void verify_types(const Node& node, const std::vector<ElementType>& types) {
  const OperatorFacts facts = facts_of(node);
  for (size_t i = 0; i < node.inputs.size(); ++i) {
    const ElementType type = types[node.inputs[i]];
    const auto reader =
        std::find_if(node.epilogue.begin(), node.epilogue.end(),
                     [&](const EpilogueStep& step) { return step.operand == static_cast<int>(i); });
    const bool of_operator = reader == node.epilogue.end();
    const bool keeps_bytes = facts.keeps_type && types[node.inputs[0]] == ElementType::uint8;
    const ElementType taken = !of_operator  ? operator_of_step(*reader).facts.takes
                              : keeps_bytes ? ElementType::uint8
                                            : facts.takes;
    require(type == taken, node, fmt::format("an input of it is of type {}", to_string(type)));
  }
}

void verify_node(const Graph& graph, const Node& node, const std::vector<ElementType>& types) {
  const Operator* op = find_operator(node.op);
  require(has_values(*op, node.attributes), node, "an attribute has no value");
  verify_types(node, types);
  const std::vector<Shape> inputs = input_shapes(graph, node);
  require(op->inputs == 0 || op->inputs == static_cast<int>(inputs.size()), node,
          "it has more or fewer inputs than its operator takes");
  const OperatorResult<Shape> shape = op->infer(node.attributes, inputs);
  const Shape* inferred = std::get_if<Shape>(&shape);
  require(inferred && *inferred == node.shape, node, "its shape is not what its operator's rule gives");
  const auto rules = op->parameters ? op->parameters(node.attributes, inputs) : std::vector<ParameterRule>();
  require(agree(node.parameters, rules), node, "its parameters are not those of its operator");
  verify_epilogue(node);
}

}  // namespace

void verify_operators(const Graph& graph) {
  for (const Node& node : graph.nodes)
    if (!is_input(node)) verify_names(node);
  const std::vector<ElementType> types = element_types(graph);
  for (const Node& node : graph.nodes)
    if (!is_input(node)) verify_node(graph, node, types);
}

}  // namespace cnnc
