#include "quantize/integer_node.h"

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "passes/fuse_epilogues.h"
#include "quantize/integer_epilogue.h"
#include "quantize/integer_forms.h"

namespace cnnc {
namespace {

std::vector<float> values_of(const Parameter* parameter) {
  return parameter && parameter->values ? *parameter->values : std::vector<float>();
}

Parameter integers(const Parameter& of_floats, ElementType type, std::vector<int32_t> values) {
  return {of_floats.name, of_floats.shape, nullptr, type,
          values.empty() ? nullptr : std::make_shared<const std::vector<int32_t>>(std::move(values))};
}

// The parameters of integer_conv and integer_dense; the scale of an output channel is that of its sums
// divided by `divisor`.
std::vector<Parameter> integer_parameters(const Node& node, const ByteScale& input, double divisor,
                                          const WeightRules& rules) {
  const Parameter& weight = *find_parameter(node, "weight");
  const Parameter* bias = find_parameter(node, "bias");
  const int64_t channels = weight.shape.sizes[0];
  Parameter scale{"scale", {channels}, nullptr};
  IntegerWeights numbers;
  if (weight.values) {
    numbers =
        integer_weights(*weight.values, values_of(bias), static_cast<size_t>(channels), input.scale, rules);
    for (float& s : numbers.scales) s = static_cast<float>(static_cast<double>(input.scale) * s / divisor);
    scale.values = std::make_shared<const std::vector<float>>(std::move(numbers.scales));
  }
  std::vector<Parameter> parameters = {integers(weight, ElementType::int8, std::move(numbers.weight))};
  if (bias) parameters.push_back(integers(*bias, ElementType::int32, std::move(numbers.bias)));
  parameters.push_back(std::move(scale));
  return parameters;
}

// The attributes of integer_avgpool, but for its scale.
Attributes average_attributes(const Graph& graph, const Node& node) {
  Attributes attributes = node.attributes;
  attributes.erase("include_pad");
  if (node.op != "global_avgpool") return attributes;
  const Shape& input = graph.nodes[node.inputs[0]].shape;
  return {{"filter", std::vector<int64_t>{input.height(), input.width()}},
          {"stride", std::vector<int64_t>{}},
          {"pad", std::vector<int64_t>{0, 0, 0, 0}},
          {"dilation", std::vector<int64_t>{1, 1}},
          {"ceil", false}};
}

// The steps that a sum of tensors or a function of one becomes behind dequantize(first input).
std::vector<EpilogueStep> steps_of(const Node& node, const Node& old, const ByteTensors& tensors) {
  std::vector<EpilogueStep> steps;
  for (size_t i = 1; i < node.inputs.size(); ++i)
    if (!is_epilogue_operand(old, static_cast<int>(i)))
      steps.push_back(
          {"add_dequantized", byte_attributes(*tensors.scales[old.inputs[i]]), static_cast<int>(i)});
  if (node.op != "add") steps.push_back({node.op, node.attributes, -1});
  return steps;
}

// The operator on bytes, for an epilogue that divides by so much.
void set_operator(const Graph& graph, const Node& old, IntegerForm form, const ByteScale& input,
                  double divisor, const Quantization& quantization, Node& node) {
  const auto zero_point = int64_t{input.zero_point};
  if (form == IntegerForm::elementwise) {
    node.op = "dequantize";
    node.attributes = byte_attributes(input.scale / divisor, input.zero_point);
  } else if (form == IntegerForm::average) {
    const auto taps = static_cast<double>(taps_of_average(graph, old));
    node.op = "integer_avgpool";
    node.attributes = average_attributes(graph, old);
    node.attributes["scale"] = real(byte_attributes(input.scale / taps / divisor, 0), "scale");
    node.attributes["input_zero_point"] = zero_point;
  } else if (form == IntegerForm::contraction) {
    node.op = "integer_" + node.op;
    node.parameters = integer_parameters(old, input, divisor, weight_rules(quantization, old));
    node.attributes["input_zero_point"] = zero_point;
  }
}

}  // namespace

Attributes byte_attributes(const ByteScale& scale) {
  return byte_attributes(scale.scale, scale.zero_point);
}

WeightRules weight_rules(const Quantization& quantization, const Node& layer) {
  for (const std::string& name : layer.covers)
    for (const auto& weight : quantization.weights)
      if (weight.name == name) return {greatest_weight(quantization), weight.scales};
  return {greatest_weight(quantization), {}};
}

IntegerNode integer_node(const Graph& graph, NodeId id, const ByteTensors& tensors,
                         const Quantization& quantization,
                         const std::function<NodeId(NodeId id, bool as_bytes)>& input) {
  const Node& old = graph.nodes[id];
  const IntegerForm form = integer_form(graph, old);
  Node node = old;
  for (size_t i = 0; i < node.inputs.size(); ++i) {
    const auto& scale = tensors.scales[old.inputs[i]];
    const bool as_bytes = scale && reads_bytes(old, i);
    node.inputs[i] = input(old.inputs[i], as_bytes);
    for (EpilogueStep& step : node.epilogue)
      if (as_bytes && step.operand == static_cast<int>(i))
        step = {"add_dequantized", byte_attributes(*scale), step.operand};
  }
  if (form == IntegerForm::move) return {std::move(node), true};
  if (form == IntegerForm::elementwise) {
    const std::vector<EpilogueStep> steps = steps_of(node, old, tensors);
    node.epilogue.insert(node.epilogue.begin(), steps.begin(), steps.end());
  }
  const bool makes_bytes = tensors.scales[id] && node.epilogue.size() < kMaxEpilogue;
  IntegerEpilogue epilogue =
      integer_epilogue(std::move(node.epilogue), makes_bytes ? tensors.scales[id] : std::nullopt);
  node.epilogue = std::move(epilogue.steps);
  set_operator(graph, old, form, *tensors.scales[old.inputs[0]], epilogue.divisor, quantization, node);
  return {std::move(node), makes_bytes};
}

Node converted(const Graph& graph, NodeId id, NodeId from, const ByteScale& scale, bool to_bytes) {
  const Node& old = graph.nodes[id];
  Node node;
  node.name = fmt::format("{} as {}", old.name, to_bytes ? "bytes" : "floats");
  node.op = to_bytes ? "quantize" : "dequantize";
  node.attributes = byte_attributes(scale);
  node.inputs = {from};
  node.shape = old.shape;
  node.where = old.where;
  return node;
}

}  // namespace cnnc
