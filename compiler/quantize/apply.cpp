#include "quantize/apply.h"

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "ops/registry.h"
#include "ops/verify.h"
#include "passes/fuse_epilogues.h"
#include "quantize/byte_tensors.h"
#include "quantize/integer_epilogue.h"
#include "quantize/integer_forms.h"
#include "quantize/integer_weights.h"

namespace cnnc {
namespace {

// The scales that the quantisation gives for the weights of a node, by any name that it covers.
std::vector<float> given_scales(const Quantization& quantization, const Node& node) {
  for (const std::string& name : node.covers)
    for (const auto& weight : quantization.weights)
      if (weight.name == name) return weight.scales;
  return {};
}

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

class Rewriter {
 public:
  Rewriter(const Graph& graph, const Quantization& quantization)
      : old_(graph),
        quantization_(quantization),
        tensors_(choose_bytes(graph, quantization)),
        floats_(graph.nodes.size(), -1),
        bytes_(graph.nodes.size(), -1) {
    new_.name = graph.name;
  }

  Graph rewrite() {
    for (NodeId id = 0; id < static_cast<NodeId>(old_.nodes.size()); ++id)
      if (tensors_.is_integer[id])
        add_integer(id);
      else
        add_float(id);
    for (const NodeId input : old_.inputs) new_.inputs.push_back(floats_[input]);
    for (const GraphOutput& output : old_.outputs)
      new_.outputs.push_back({output.name, as_floats(output.node)});
    return std::move(new_);
  }

 private:
  NodeId add(Node node) {
    new_.nodes.push_back(std::move(node));
    return static_cast<NodeId>(new_.nodes.size()) - 1;
  }

  // The value in the other form, by a node of its own, which covers none.
  NodeId converted(NodeId id, NodeId from, const std::string& op, const std::string& kind) {
    const ByteScale& scale = *tensors_.scales[id];
    Node node;
    node.name = fmt::format("{} as {}", old_.nodes[id].name, kind);
    node.op = op;
    node.attributes = byte_attributes(scale.scale, scale.zero_point);
    node.inputs = {from};
    node.shape = old_.nodes[id].shape;
    node.where = old_.nodes[id].where;
    return add(std::move(node));
  }

  NodeId as_bytes(NodeId id) {
    if (bytes_[id] < 0) bytes_[id] = converted(id, floats_[id], "quantize", "bytes");
    return bytes_[id];
  }

  NodeId as_floats(NodeId id) {
    if (floats_[id] < 0) floats_[id] = converted(id, bytes_[id], "dequantize", "floats");
    return floats_[id];
  }

  // Whether the kernels of a node of floats can store bytes: those of maps and vectors with weights.
  static bool can_store_bytes(const Node& node) {
    return facts_of(node).is_contraction && (node.shape.is_map() || node.shape.is_vector()) &&
           node.epilogue.size() < kMaxEpilogue;
  }

  // A step that makes bytes is put behind its others where nobody wants floats.
  void add_float(NodeId id) {
    Node node = old_.nodes[id];
    for (NodeId& input : node.inputs) input = as_floats(input);
    const auto& scale = tensors_.scales[id];
    const bool makes_bytes = scale && !tensors_.is_read_as_floats[id] && can_store_bytes(node);
    if (makes_bytes) node.epilogue.push_back({"quantize", byte_attributes(scale->scale, scale->zero_point)});
    (makes_bytes ? bytes_ : floats_)[id] = add(std::move(node));
  }

  void add_integer(NodeId id) {
    Node node = old_.nodes[id];
    const IntegerForm form = integer_form(old_, node);
    read_bytes(node);
    if (form == IntegerForm::elementwise) become_dequantize(id, node);
    const auto& scale = tensors_.scales[id];
    // What only moves bytes makes bytes.
    const bool makes_bytes = scale && node.epilogue.size() < kMaxEpilogue;
    if (form != IntegerForm::move) {
      IntegerEpilogue epilogue =
          integer_epilogue(std::move(node.epilogue), makes_bytes ? scale : std::nullopt);
      node.epilogue = std::move(epilogue.steps);
      become_integer(id, form, epilogue.divisor, node);
    }
    (makes_bytes ? bytes_ : floats_)[id] = add(std::move(node));
  }

  // The node's inputs in the new graph; a sum with bytes in its epilogue becomes one that knows their scale.
  void read_bytes(Node& node) {
    for (size_t i = 0; i < node.inputs.size(); ++i) {
      const auto& scale = tensors_.scales[node.inputs[i]];
      const bool reads = scale && reads_bytes(node, i);
      node.inputs[i] = reads ? as_bytes(node.inputs[i]) : as_floats(node.inputs[i]);
      for (EpilogueStep& step : node.epilogue)
        if (reads && step.operand == static_cast<int>(i))
          step = {"add_dequantized", byte_attributes(scale->scale, scale->zero_point), step.operand};
    }
  }

  // relu(x) as dequantize(x) + relu; a sum of tensors as dequantize of the first + that of the others. The
  // scales of what is added are asked of the old graph, whose node has the same inputs.
  void become_dequantize(NodeId id, Node& node) {
    std::vector<EpilogueStep> steps;
    for (size_t i = 1; i < node.inputs.size(); ++i) {
      if (is_epilogue_operand(node, static_cast<int>(i))) continue;
      const ByteScale& scale = *tensors_.scales[old_.nodes[id].inputs[i]];
      steps.push_back(
          {"add_dequantized", byte_attributes(scale.scale, scale.zero_point), static_cast<int>(i)});
    }
    if (node.op != "add") steps.push_back({node.op, node.attributes, -1});
    node.epilogue.insert(node.epilogue.begin(), steps.begin(), steps.end());
  }

  // All but the inputs and the epilogue, whose divisor is given.
  void become_integer(NodeId id, IntegerForm form, double divisor, Node& node) {
    const Node& old = old_.nodes[id];
    const ByteScale& input = *tensors_.scales[old.inputs[0]];
    if (form == IntegerForm::elementwise) {
      node.op = "dequantize";
      node.attributes = byte_attributes(input.scale / divisor, input.zero_point);
    } else if (form == IntegerForm::average) {
      node.op = "integer_avgpool";
      node.attributes = average_attributes(old_, old);
      const auto taps = static_cast<double>(taps_of_average(old_, old));
      node.attributes["scale"] = real(byte_attributes(input.scale / taps / divisor, 0), "scale");
      node.attributes["input_zero_point"] = int64_t{input.zero_point};
    } else {
      node.op = "integer_" + node.op;
      node.parameters = integer_parameters(
          old, input, divisor, {greatest_weight(quantization_), given_scales(quantization_, old)});
      node.attributes["input_zero_point"] = int64_t{input.zero_point};
    }
  }

  const Graph& old_;
  const Quantization& quantization_;
  const ByteTensors tensors_;
  Graph new_;
  std::vector<NodeId> floats_, bytes_;  // by node of the old graph, where its value is in the new one; or -1
};

}  // namespace

Graph apply_quantization(const Graph& graph, const Quantization& quantization) {
  Graph result = Rewriter(graph, quantization).rewrite();
  verify(result);
  verify_operators(result);
  return result;
}

}  // namespace cnnc
