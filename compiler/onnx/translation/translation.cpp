#include "onnx/translation/translation.h"

#include <fmt/format.h>

#include <cmath>

#include "ops/registry.h"
#include "weights/text.h"

namespace cnnc::onnx {
namespace {

bool is_in_range(const AttributeRule& rule, const AttributeValue& value) {
  const auto within = [&](double number) { return number >= rule.minimum && number <= rule.maximum; };
  if (const auto* number = std::get_if<int64_t>(&value)) return within(static_cast<double>(*number));
  if (const auto* number = std::get_if<double>(&value)) return within(*number);
  if (const auto* sizes = std::get_if<std::vector<int64_t>>(&value)) {
    for (const int64_t size : *sizes)
      if (!within(static_cast<double>(size))) return false;
  }
  return true;
}

// A value for every rule, each in its range. A 0 has no sign: texts have none.
void complete(const Operator& op, Attributes& attributes) {
  for (const AttributeRule& rule : op.attributes) {
    if (rule.default_value) attributes.emplace(std::string(rule.name), *rule.default_value);
    AttributeValue& value = attributes.find(rule.name)->second;
    auto* number = std::get_if<double>(&value);
    if (number && *number == 0) *number = 0;
    if (number && std::isnan(*number)) throw Unmapped{"a constant of it is not a number", kNoNumberHint};
    if (!is_in_range(rule, value))
      throw Unmapped{fmt::format("'{}' of '{}' would be {}; it may be from {} to {}", rule.name, op.name,
                                 cnnc::to_string(value), rule.minimum, rule.maximum),
                     ""};
  }
}

// The parameters of the rules, with values of their size.
std::vector<Parameter> bind_weights(const Operator& op, std::vector<ParameterRule> rules,
                                    const std::vector<Weights>& weights) {
  std::vector<Parameter> parameters;
  for (ParameterRule& rule : rules) {
    const auto* found = static_cast<const Weights*>(nullptr);
    for (const Weights& w : weights)
      if (w.name == rule.name) found = &w;
    if (!found || static_cast<int64_t>(found->values->size()) != rule.shape.elements())
      throw Unmapped{fmt::format("its {} has {} elements; '{}' takes {}", rule.name,
                                 found ? found->values->size() : 0, op.name, cnnc::to_string(rule.shape)),
                     ""};
    parameters.push_back({std::move(rule.name), std::move(rule.shape), found->values});
  }
  return parameters;
}

}  // namespace

bool has_input(const Node& node, size_t index) {
  return index < node.inputs.size() && !node.inputs[index].empty();
}

const Value& input(const Translation& t, const Node& node, size_t index) {
  if (!has_input(node, index)) throw Unmapped{fmt::format("it has no input {}", index), ""};
  const auto found = t.values.find(node.inputs[index]);
  if (found == t.values.end())
    throw Unmapped{fmt::format("its input {} is computed by nothing", quote(node.inputs[index])), ""};
  return found->second;
}

const Constant* constant_input(const Translation& t, const Node& node, size_t index) {
  return has_input(node, index) ? std::get_if<Constant>(&input(t, node, index)) : nullptr;
}

const Constant& need_floats(const Translation& t, const Node& node, size_t index, std::string_view what) {
  const auto* constant = std::get_if<Constant>(&input(t, node, index));
  if (!constant) throw Unmapped{fmt::format("{} is computed by the network, not a constant", what), ""};
  if (!constant->floats) throw Unmapped{fmt::format("{} is of type {}", what, constant->type), ""};
  return *constant;
}

const Constant& need_integers(const Translation& t, const Node& node, size_t index, std::string_view what) {
  const auto* constant = std::get_if<Constant>(&input(t, node, index));
  if (!constant) throw Unmapped{fmt::format("{} is computed by the network, not a constant", what), ""};
  if (!constant->integers) throw Unmapped{fmt::format("{} is of type {}", what, constant->type), ""};
  return *constant;
}

Constant need_numbers(const Translation& t, const Node& node, size_t index, std::string_view what) {
  const Constant* c = constant_input(t, node, index);
  if (!c || !c->integers) return need_floats(t, node, index, what);
  constexpr int64_t kMost = int64_t{1} << 24;  // whole numbers up to there are floats
  for (const int64_t number : *c->integers)
    if (number < -kMost || number > kMost)
      throw Unmapped{fmt::format("{} has the whole number {}, which no float is", what, number), ""};
  return {"float", c->dims,
          std::make_shared<const std::vector<float>>(c->integers->begin(), c->integers->end()), nullptr};
}

const View& need_view(const Translation& t, const Node& node, size_t index) {
  const auto* view = std::get_if<View>(&input(t, node, index));
  if (!view) throw Unmapped{fmt::format("its input {} is a constant", quote(node.inputs[index])), ""};
  return *view;
}

NodeId add_node(Translation& t, std::string name, std::string_view op_name, Attributes attributes,
                const std::vector<NodeId>& inputs, std::vector<Weights> weights) {
  const Operator& op = *find_layer(op_name);
  complete(op, attributes);
  std::vector<Shape> shapes;
  for (const NodeId input : inputs) shapes.push_back(shape_of(t, input));
  OperatorResult<Shape> shape = op.infer(attributes, shapes);
  if (const auto* fault = std::get_if<OperatorError>(&shape)) throw Unmapped{fault->message, ""};
  const NodeId id = static_cast<NodeId>(t.graph.nodes.size());
  cnnc::Node node;
  node.name = name.empty() ? fmt::format("%{}", id) : std::move(name);
  node.op = op.name;
  node.inputs = inputs;
  node.shape = std::get<Shape>(std::move(shape));
  if (op.parameters) node.parameters = bind_weights(op, op.parameters(attributes, shapes), weights);
  node.attributes = std::move(attributes);
  t.graph.nodes.push_back(std::move(node));
  return id;
}

void set_output(Translation& t, const Node& node, Value value, size_t index) {
  if (index >= node.outputs.size() || node.outputs[index].empty()) return;
  const View* view = std::get_if<View>(&value);
  if (view) t.graph.nodes[static_cast<size_t>(view->node)].covers.push_back(node.outputs[index]);
  if (view && is_in_order(*view, shape_of(t, view->node), t.images))
    t.tensors.emplace(view->node, node.outputs[index]);
  t.values.insert_or_assign(node.outputs[index], std::move(value));
}

void set_output(Translation& t, const Node& node, NodeId tensor, size_t index) {
  set_output(t, node, plain_view(t, tensor), index);
}

std::string called(const Translation& t, NodeId tensor) {
  const cnnc::Node& node = t.graph.nodes.at(static_cast<size_t>(tensor));
  const bool is_named = node.name[0] != '%';
  const auto found = t.tensors.find(tensor);
  if (found == t.tensors.end()) return is_named ? quote(node.name) : "the result of a '" + node.op + "'";
  if (!is_named || node.name == found->second) return quote(found->second);
  return fmt::format("{} ('{}' in the network)", quote(found->second), node.name);
}

void note_name(Translation& t, const std::string& what, const std::string& value, const std::string& name) {
  if (name != value) t.renamed.push_back(fmt::format("{} {} is called '{}'", what, quote(value), name));
}

View plain_view(const Translation& t, NodeId tensor) {
  return view_of(tensor, shape_of(t, tensor), t.images);
}

View view_of_rank(const Translation& t, NodeId tensor, size_t rank) {
  View view = plain_view(t, tensor);
  if (rank == 3 && view.dims.size() == 4 && view.dims[2].empty()) view.dims.erase(view.dims.begin() + 2);
  return view;
}

void spend(Translation& t, int64_t elements) {
  if (elements > t.allowance)
    throw Unmapped{
        fmt::format("with the constants that it needs, {} elements for this node, the network would be "
                    "many times as large as its file",
                    elements),
        ""};
  t.allowance -= elements;
}

std::string name_of(const Node& node) {
  return node.path;
}

const Shape& shape_of(const Translation& t, NodeId tensor) {
  return t.graph.nodes.at(static_cast<size_t>(tensor)).shape;
}

}  // namespace cnnc::onnx
