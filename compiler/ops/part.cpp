#include "ops/part.h"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

#include "ops/registry.h"

namespace cnnc {

Graph part_of_input(const Shape& shape) {
  Graph part;
  Node x;
  x.name = "input";
  x.op = "input";
  x.shape = shape;
  part.nodes.push_back(std::move(x));
  return part;
}

NodeId append_node(Graph& part, std::string name, const char* op, Attributes attributes,
                   std::vector<NodeId> inputs, std::vector<Parameter> parameters) {
  Node node;
  node.name = std::move(name);
  node.op = op;
  node.attributes = std::move(attributes);
  node.inputs = std::move(inputs);
  node.parameters = std::move(parameters);
  const Operator& row = operator_of(node);
  for (const AttributeRule& rule : row.attributes)
    if (rule.default_value) node.attributes.emplace(rule.name, *rule.default_value);
  std::vector<Shape> shapes;
  for (const NodeId input : node.inputs) shapes.push_back(part.nodes[static_cast<size_t>(input)].shape);
  const auto shape = row.infer(node.attributes, shapes);
  if (const auto* error = std::get_if<OperatorError>(&shape))
    throw std::logic_error(fmt::format("the {} that an operator is made of: {}", node.name, error->message));
  node.shape = std::get<Shape>(shape);
  part.nodes.push_back(std::move(node));
  return static_cast<NodeId>(part.nodes.size()) - 1;
}

}  // namespace cnnc
