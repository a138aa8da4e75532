#include "onnx/export/express_quantized.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "onnx/export/express.h"
#include "onnx/export/expression.h"
#include "passes/fold_batchnorm.h"
#include "passes/passes.h"
#include "quantize/bias_correction.h"
#include "quantize/byte_tensors.h"
#include "quantize/equalise.h"
#include "quantize/integer_forms.h"
#include "quantize/integer_weights.h"
#include "support/pieces.h"

namespace cnnc::onnx {
namespace {

// ---- constants
template <class T>
std::shared_ptr<const std::vector<int64_t>> widened(const std::vector<T>& numbers) {
  return std::make_shared<const std::vector<int64_t>>(numbers.begin(), numbers.end());
}

std::string add_floats(Model& model, const std::string& name, std::vector<int64_t> dims,
                       std::vector<float> values) {
  model.constants[name] = {"float", std::move(dims),
                           std::make_shared<const std::vector<float>>(std::move(values)), nullptr};
  return name;
}

std::string add_numbers(Model& model, const std::string& name, const std::string& type,
                        std::vector<int64_t> dims, std::shared_ptr<const std::vector<int64_t>> values) {
  model.constants[name] = {type, std::move(dims), nullptr, std::move(values)};
  return name;
}

Node scaling(const std::string& op, std::vector<std::string> inputs, const std::string& output) {
  Node node;
  node.name = output + "/" + op;
  node.op = op;
  node.inputs = std::move(inputs);
  node.outputs = {output};
  return node;
}

// ---- tensors
struct Scaled {
  std::string scale, zero;  // names of constants
};

// What a value is stored as, and whether the model's user has it so.
struct Storage {
  ByteScale scale;
  bool is_of_bytes = false, has_sign = false;

  const char* type() const { return has_sign ? "int8" : "uint8"; }
};

Scaled add_scale(Model& model, const std::string& value, const Storage& storage) {
  const int zero = storage.scale.zero_point - (storage.has_sign ? 128 : 0);
  return {add_floats(model, value + "/scale", {}, {storage.scale.scale}),
          add_numbers(model, value + "/zero", storage.type(), {}, widened(std::vector<int>{zero}))};
}

template <class F>
void for_each_value(Model& model, std::vector<std::string> Node::*names, F f) {
  for (Node& node : model.nodes)
    for (std::string& name : node.*names) f(name);
}

ValueInfo* find(std::vector<ValueInfo>& values, const std::string& name) {
  const auto found =
      std::find_if(values.begin(), values.end(), [&](const ValueInfo& value) { return value.name == name; });
  return found == values.end() ? nullptr : &*found;
}

size_t place_behind(const Model& model, const std::string& value) {
  for (size_t i = 0; i < model.nodes.size(); ++i)
    for (const std::string& output : model.nodes[i].outputs)
      if (output == value) return i + 1;
  return 0;
}

void rename(Model& model, std::vector<std::string> Node::*names, const std::string& from,
            const std::string& to) {
  for_each_value(model, names, [&](std::string& name) {
    if (name == from) name = to;
  });
}

// What is read of the value are the reals of its bytes. An input's readers, and those of an output of bytes,
// have them under another name; anything else is computed under another.
void store_value(Model& model, const std::string& value, const Storage& storage) {
  const Scaled s = add_scale(model, value, storage);
  const bool is_of_bytes = storage.is_of_bytes;
  const auto quantize = [&](const std::string& from, const std::string& to) {
    return scaling("QuantizeLinear", {from, s.scale, s.zero}, to);
  };
  const auto dequantize = [&](const std::string& from, const std::string& to) {
    return scaling("DequantizeLinear", {from, s.scale, s.zero}, to);
  };
  ValueInfo *input = find(model.inputs, value), *output = find(model.outputs, value);
  std::vector<Node> added;
  if (input) {
    rename(model, &Node::inputs, value, value + "/real");
    if (is_of_bytes) input->type = storage.type();
    if (!is_of_bytes) added.push_back(quantize(value, value + "/bytes"));
    added.push_back(dequantize(is_of_bytes ? value : value + "/bytes", value + "/real"));
  } else if (output && is_of_bytes) {
    output->type = storage.type();
    rename(model, &Node::inputs, value, value + "/real");
    rename(model, &Node::outputs, value, value + "/float");
    added = {quantize(value + "/float", value), dequantize(value, value + "/real")};
  } else {
    rename(model, &Node::outputs, value, value + "/float");
    added = {quantize(value + "/float", value + "/bytes"), dequantize(value + "/bytes", value)};
  }
  const size_t place = input ? 0 : place_behind(model, value + "/float");
  model.nodes.insert(model.nodes.begin() + static_cast<std::ptrdiff_t>(place), added.begin(), added.end());
}

// ---- weights
std::vector<float> values_of(const Parameter* parameter) {
  return parameter && parameter->values ? *parameter->values : std::vector<float>();
}

// The constant as numbers, and a node that makes it real.
void store_constant(Model& model, const std::string& name, const std::string& type,
                    const std::vector<int32_t>& numbers, const std::vector<float>& scales) {
  const auto found = model.constants.find(name);
  if (found == model.constants.end()) return;
  const std::vector<int64_t> dims = found->second.dims;
  model.constants.erase(found);
  const auto count = static_cast<int64_t>(scales.size());
  Node node = scaling(
      "DequantizeLinear",
      {add_numbers(model, name + "/numbers", type, dims, widened(numbers)),
       add_floats(model, name + "/scale", {count}, scales),
       add_numbers(model, name + "/zero", type, {count}, widened(std::vector<int>(scales.size(), 0)))},
      name);
  node.attributes = {{"axis", int64_t{0}}};
  model.nodes.insert(model.nodes.begin(), std::move(node));
}

void store_weights(Model& model, const cnnc::Node& layer, float input_scale, const StoredNames& stored) {
  WeightRules rules{stored.greatest_weight, {}};
  for (const std::string& name : layer.covers)
    if (const auto given = stored.weights.find(name); given != stored.weights.end())
      rules.scales = given->second;
  const Parameter *weight = find_parameter(layer, "weight"), *bias = find_parameter(layer, "bias");
  const auto channels = static_cast<size_t>(weight->shape.sizes[0]);
  const IntegerWeights numbers =
      integer_weights(values_of(weight), values_of(bias), channels, input_scale, rules);
  store_constant(model, layer.name + ".weight", "int8", numbers.weight, numbers.scales);
  if (!bias) return;
  std::vector<float> of_sums;
  for (const float scale : numbers.scales) of_sums.push_back(input_scale * scale);
  store_constant(model, layer.name + ".bias", "int32", numbers.bias, of_sums);
}

bool is_stored(const cnnc::Node& layer, const StoredNames& stored) {
  return (layer.op == "conv" || layer.op == "dense") &&
         std::any_of(layer.covers.begin(), layer.covers.end(),
                     [&](const std::string& name) { return stored.layers.count(name) > 0; });
}

// The lines of tensors that no node behind the passes stores.
std::map<std::string, ByteScale> lines_within(const Graph& graph, const Quantization& quantization) {
  std::map<std::string, ByteScale> lines;
  for (const auto& tensor : quantization.tensors) lines[tensor.name] = tensor.scale;
  for (const cnnc::Node& node : graph.nodes) lines.erase(node.name);
  return lines;
}

Storage storage_of(const ByteScale& scale, const StoredNames& stored, const std::string& node,
                   const std::string& value) {
  if (const auto input = stored.inputs.find(node); input != stored.inputs.end())
    return {scale, true, input->second};
  if (const auto output = stored.outputs.find(value); output != stored.outputs.end())
    return {scale, true, output->second};
  return {scale};
}

// The batchnorms that can be are folded before, for they belong to the weights that the quantisation adjusts.
Graph adjusted(const Graph& elaborated, const Quantization& quantization, const StoredNames& stored) {
  Graph graph = equalised(fold_batchnorm(elaborated), quantization);
  std::vector<bool> is_integer;
  for (const cnnc::Node& node : graph.nodes) is_integer.push_back(is_stored(node, stored));
  return with_corrections(std::move(graph), quantization, is_integer);
}

}  // namespace

StoredNames stored_names(const Graph& elaborated, const Quantization& quantization) {
  const Graph graph = optimise(elaborated, nullptr);
  const ByteTensors bytes = choose_bytes(graph, quantization);
  StoredNames stored;
  stored.tensors = lines_within(graph, quantization);
  stored.greatest_weight = greatest_weight(quantization);
  for (const auto& weight : quantization.weights) stored.weights[weight.name] = weight.scales;
  for (const auto& input : quantization.byte_inputs) stored.inputs[input.name] = input.has_sign;
  for (const auto& output : quantization.byte_outputs) stored.outputs[output.name] = output.has_sign;
  for (size_t id = 0; id < graph.nodes.size(); ++id) {
    const cnnc::Node& node = graph.nodes[id];
    if (bytes.scales[id]) stored.tensors[node.name] = *bytes.scales[id];
    if (bytes.is_integer[id] && integer_form(graph, node) == IntegerForm::contraction)
      stored.layers.insert(node.covers.begin(), node.covers.end());
  }
  return stored;
}

std::optional<Model> express_quantized(const Graph& elaborated, const Quantization& quantization,
                                       Diagnostics& diagnostics) {
  const StoredNames stored = stored_names(elaborated, quantization);
  Graph graph;
  try {
    graph = adjusted(elaborated, quantization, stored);
  } catch (const Fault& fault) {
    diagnostics.error_in_file(elaborated.name, fault.message, fault.hint);
    return std::nullopt;
  }
  std::optional<Model> model = express(graph, diagnostics);
  if (!model) return std::nullopt;
  const std::vector<std::string> values = names_of_values(graph);
  for (size_t id = 0; id < graph.nodes.size(); ++id) {
    const cnnc::Node& node = graph.nodes[id];
    if (!node.inputs.empty() && is_stored(node, stored))
      if (const auto input = stored.tensors.find(graph.nodes[node.inputs[0]].name);
          input != stored.tensors.end())
        store_weights(*model, node, input->second.scale, stored);
    if (const auto tensor = stored.tensors.find(node.name); tensor != stored.tensors.end())
      store_value(*model, values[id], storage_of(tensor->second, stored, node.name, values[id]));
  }
  return model;
}

}  // namespace cnnc::onnx
