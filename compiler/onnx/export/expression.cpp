#include "onnx/export/expression.h"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

namespace cnnc::onnx {
namespace {

// "silu1/sigmoid": no name of the language has a slash.
std::string name_of_part(const Layer& layer, std::string_view role) {
  return fmt::format("{}/{}", node_of(layer).name, role);
}

void add(const Layer& layer, std::string name, std::string_view op, std::vector<std::string> inputs,
         std::string output, NodeAttributes attributes) {
  Node node;
  node.name = std::move(name);
  node.op = op;
  node.inputs = std::move(inputs);
  node.outputs = {std::move(output)};
  node.attributes = std::move(attributes);
  layer.model.nodes.push_back(std::move(node));
}

std::string add_constant(const Layer& layer, std::string_view role, Constant constant) {
  const std::string name = name_of_part(layer, role);
  layer.model.constants.emplace(name, std::move(constant));
  return name;
}

}  // namespace

const cnnc::Node& node_of(const Layer& layer) {
  return layer.graph.nodes[static_cast<size_t>(layer.id)];
}

const cnnc::Attributes& attributes_of(const Layer& layer) {
  return node_of(layer).attributes;
}

const Shape& input_shape(const Layer& layer) {
  return layer.graph.nodes[static_cast<size_t>(node_of(layer).inputs.at(0))].shape;
}

std::string input(const Layer& layer) {
  return inputs(layer).at(0);
}

std::vector<std::string> inputs(const Layer& layer) {
  std::vector<std::string> names;
  for (const NodeId id : node_of(layer).inputs) names.push_back(layer.values[static_cast<size_t>(id)]);
  return names;
}

std::string parameter(const Layer& layer, std::string_view name) {
  return parameter(layer, name, find_parameter(node_of(layer), name)->shape.sizes);
}

std::string parameter(const Layer& layer, std::string_view name, std::vector<int64_t> dims) {
  const Parameter* found = find_parameter(node_of(layer), name);
  std::string full_name = fmt::format("{}.{}", node_of(layer).name, name);
  if (!found->values) throw std::logic_error(fmt::format("'{}' has no values", full_name));
  layer.model.constants.emplace(full_name, Constant{"float", std::move(dims), found->values, nullptr});
  return full_name;
}

std::string scalar(const Layer& layer, std::string_view role, double value) {
  return tensor(layer, role, {}, {static_cast<float>(value)});
}

std::string list(const Layer& layer, std::string_view role, std::vector<int64_t> values) {
  std::vector<int64_t> dims = {static_cast<int64_t>(values.size())};
  auto integers = std::make_shared<const std::vector<int64_t>>(std::move(values));
  return add_constant(layer, role, {"int64", std::move(dims), nullptr, std::move(integers)});
}

std::string tensor(const Layer& layer, std::string_view role, std::vector<int64_t> dims,
                   std::vector<float> values) {
  auto floats = std::make_shared<const std::vector<float>>(std::move(values));
  return add_constant(layer, role, {"float", std::move(dims), std::move(floats), nullptr});
}

void require_moderate(int64_t elements) {
  constexpr int64_t kMost = 1 << 24;
  if (elements <= kMost) return;
  throw Unwritable{
      fmt::format("ONNX would need a constant of {} numbers for it; at most {} are written", elements, kMost),
      ""};
}

std::string step(const Layer& layer, std::string_view role, std::string_view op,
                 std::vector<std::string> inputs, NodeAttributes attributes) {
  std::string name = name_of_part(layer, role);
  add(layer, name, op, std::move(inputs), name, std::move(attributes));
  return name;
}

void finish(const Layer& layer, std::string_view op, std::vector<std::string> inputs,
            NodeAttributes attributes) {
  add(layer, node_of(layer).name, op, std::move(inputs), layer.values[static_cast<size_t>(layer.id)],
      std::move(attributes));
}

std::vector<int64_t> pads_of(const Window& w) {
  return {w.height.pad_before, w.width.pad_before, w.height.pad_after, w.width.pad_after};
}

NodeAttributes attributes_of(const Window& w) {
  using Sizes = std::vector<int64_t>;
  return {{"kernel_shape", Sizes{w.height.filter, w.width.filter}},
          {"strides", Sizes{w.height.stride, w.width.stride}},
          {"pads", pads_of(w)},
          {"dilations", Sizes{w.height.dilation, w.width.dilation}}};
}

}  // namespace cnnc::onnx
