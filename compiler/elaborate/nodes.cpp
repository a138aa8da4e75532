#include "elaborate/nodes.h"

#include <fmt/format.h>

#include <algorithm>

#include "elaborate/names.h"
#include "ops/registry.h"

namespace cnnc::elaboration {
namespace {

void report(State& state, const OperatorError& fault, const LayerArguments& arguments, Span statement) {
  const auto written = arguments.where.find(fault.attribute);
  error(state, written == arguments.where.end() ? statement : written->second, fault.message, fault.hint);
}

// The shape of the node's result and of its parameters; false if there is none, which is reported.
bool infer(State& state, Node& node, const Operator& op, const LayerArguments& arguments) {
  std::vector<Shape> shapes;
  for (const NodeId input : node.inputs) shapes.push_back(state.graph.nodes[input].shape);
  auto result = op.infer(arguments.attributes, shapes);
  if (const auto* fault = std::get_if<OperatorError>(&result)) {
    report(state, *fault, arguments, node.where);
    return false;
  }
  node.shape = std::get<Shape>(std::move(result));
  if (op.parameters) {
    for (ParameterRule& rule : op.parameters(arguments.attributes, shapes)) {
      node.parameters.push_back({std::move(rule.name), std::move(rule.shape), nullptr});
    }
  }
  return true;
}

// Whether layers can read the tensors; reports it if not.
bool want_floats(State& state, const std::vector<Tensor>& inputs, Span statement) {
  for (const Tensor input : inputs) {
    const Node& node = state.graph.nodes.at(input.node);
    if (is_input(node) || facts_of(node).stores == ElementType::float32) continue;
    error(state, statement, fmt::format("'{}' is of whole numbers, which no layer takes", node.name),
          "write 'output' behind 'int32', and 'from' to go on from the tensor in front of it");
    return false;
  }
  return true;
}

}  // namespace

Tensor add_node(State& state, const std::string& name, const Operator& op, const LayerArguments& arguments,
                const std::vector<Tensor>& inputs, Span statement) {
  Tensor result = unknown();
  if (std::all_of(inputs.begin(), inputs.end(), is_known) && want_floats(state, inputs, statement)) {
    Node node;
    node.name = name;
    node.op = op.name;
    node.attributes = arguments.attributes;
    for (const Tensor input : inputs) node.inputs.push_back(input.node);
    node.covers = {name};
    node.where = statement;
    if (infer(state, node, op, arguments)) {
      result = known(static_cast<NodeId>(state.graph.nodes.size()));
      state.graph.nodes.push_back(std::move(node));
    }
  }
  define(state, name, result);
  return result;
}

const Shape& shape_of(const State& state, Tensor tensor) {
  return state.graph.nodes.at(tensor.node).shape;
}

Tensor need_tensor(State& state, Tensor tensor, Span statement) {
  if (tensor.state != Tensor::State::absent) return tensor;
  error(state, statement, "there is no tensor to work on: no input stands above",
        "write an input first, such as 'input image 3x224x224'");
  return unknown();
}

}  // namespace cnnc::elaboration
