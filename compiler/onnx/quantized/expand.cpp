#include "onnx/quantized/expand.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "onnx/attributes.h"
#include "onnx/quantized/constants.h"
#include "onnx/unmapped.h"

namespace cnnc::onnx {
namespace {

// A node while it is taken apart.
struct Expansion {
  Model& model;
  const Node& node;
  std::set<std::string>& names;  // of all values that there are
  std::vector<Node> nodes = {};
};

std::string input_of(const Expansion& e, size_t index) {
  return index < e.node.inputs.size() ? e.node.inputs[index] : "";
}

const Constant& constant_of(const Expansion& e, size_t index, const char* what) {
  const auto found = e.model.constants.find(input_of(e, index));
  if (found == e.model.constants.end())
    throw Unmapped{fmt::format("{} is computed by the network, not a constant", what), ""};
  return found->second;
}

// A new value, called after the node's result.
std::string name_of_part(Expansion& e, const std::string& part) {
  std::string name = fmt::format("{}/{}{}", e.node.outputs.at(0), part, e.nodes.size());
  while (!e.names.insert(name).second) name += "_";
  return name;
}

// Input `index`, its scale and zero point behind it, as reals.
std::string real_input(Expansion& e, size_t index, int64_t axis) {
  Node node;
  node.op = "DequantizeLinear";
  node.inputs = {input_of(e, index), input_of(e, index + 1), input_of(e, index + 2)};
  node.outputs = {name_of_part(e, "real")};
  node.attributes = {{"axis", axis}};
  e.nodes.push_back(node);
  return node.outputs[0];
}

// The node's own place in the model, with another operator; also in a name that counts, as QLinearConv_3.
Node on_reals(const Expansion& e, const std::string& op, std::vector<std::string> inputs) {
  Node node = e.node;
  if (node.name.rfind(node.op, 0) == 0) node.name.replace(0, node.op.size(), op);
  node.op = op;
  node.domain.clear();
  node.inputs = std::move(inputs);
  return node;
}

// The result as numbers, with the scale at input `scale` and the zero point behind it.
void finish(Expansion& e, Node node, size_t scale) {
  if (input_of(e, scale).empty()) {
    e.nodes.push_back(std::move(node));
    return;
  }
  node.outputs = {name_of_part(e, "result")};
  Node last;
  last.name = node.name;
  last.op = "QuantizeLinear";
  last.inputs = {node.outputs[0], input_of(e, scale), input_of(e, scale + 1)};
  last.outputs = {e.node.outputs[0]};
  e.nodes.push_back(std::move(node));
  e.nodes.push_back(std::move(last));
}

// A bias in the sums' scale: that of the input times that of the weight.
std::string real_bias(Expansion& e, size_t bias, size_t input_scale, size_t weight_scale, float factor) {
  const Constant& numbers = constant_of(e, bias, "its bias");
  const Constant& of_input = constant_of(e, input_scale, "the scale of its input");
  const Constant& of_weight = constant_of(e, weight_scale, "the scale of its weight");
  if (!numbers.integers || !of_input.floats || of_input.floats->size() != 1 || !of_weight.floats ||
      (of_weight.floats->size() != 1 && of_weight.floats->size() != numbers.integers->size()))
    throw Unmapped{fmt::format("its bias is of {} {}, and its weight has {} scales", numbers.type,
                               to_string(numbers.dims), elements(of_weight.dims)),
                   ""};
  std::vector<float> reals;
  for (size_t i = 0; i < numbers.integers->size(); ++i) {
    const float scale = (*of_weight.floats)[of_weight.floats->size() == 1 ? 0 : i];
    reals.push_back(static_cast<float>((*numbers.integers)[i]) * ((*of_input.floats)[0] * scale * factor));
  }
  std::string name = name_of_part(e, "bias");
  e.model.constants[name] = {"float", numbers.dims,
                             std::make_shared<const std::vector<float>>(std::move(reals)), nullptr};
  return name;
}

// x, w, and y each with its scale and zero point; B
void expand_conv(Expansion& e) {
  std::vector<std::string> inputs = {real_input(e, 0, 1), real_input(e, 3, 0)};
  if (!input_of(e, 8).empty()) inputs.push_back(real_bias(e, 8, 1, 4, 1));
  finish(e, on_reals(e, "Conv", std::move(inputs)), 6);
}

// a, b and y; the scales of b may be one for each column.
void expand_matmul(Expansion& e) {
  const std::string a = real_input(e, 0, 1), b = real_input(e, 3, -1);
  finish(e, on_reals(e, "MatMul", {a, b}), 6);
}

// A, B, C in the scale of the sums, and y, which is left out where the result is of reals.
void expand_gemm(Expansion& e) {
  const int64_t axis = integer(e.node, "transB", 0) != 0 ? 0 : 1;
  std::vector<std::string> inputs = {real_input(e, 0, 1), real_input(e, 3, axis)};
  if (!input_of(e, 6).empty()) inputs.push_back(real_bias(e, 6, 1, 4, real(e.node, "alpha", 1)));
  finish(e, on_reals(e, "Gemm", std::move(inputs)), 7);
}

void expand_two(Expansion& e, const std::string& op) {
  const std::string a = real_input(e, 0, 1), b = real_input(e, 3, 1);
  finish(e, on_reals(e, op, {a, b}), 6);
}

void expand_one(Expansion& e, const std::string& op) {
  if (integer(e.node, "channels_last", 0) != 0)
    throw Unmapped{"it has 'channels_last'", "export the model before ONNX Runtime has optimised it"};
  const std::string x = real_input(e, 0, 1);
  finish(e, on_reals(e, op, {x}), 3);
}

// y's scale and zero point, then those of each input behind it.
void expand_concat(Expansion& e) {
  std::vector<std::string> inputs;
  for (size_t i = 2; i + 2 < e.node.inputs.size(); i += 3) inputs.push_back(real_input(e, i, 1));
  finish(e, on_reals(e, "Concat", std::move(inputs)), 0);
}

void expand_add(Expansion& e) {
  expand_two(e, "Add");
}
void expand_mul(Expansion& e) {
  expand_two(e, "Mul");
}
void expand_averagepool(Expansion& e) {
  expand_one(e, "AveragePool");
}
void expand_global_averagepool(Expansion& e) {
  expand_one(e, "GlobalAveragePool");
}
void expand_leaky_relu(Expansion& e) {
  expand_one(e, "LeakyRelu");
}
void expand_sigmoid(Expansion& e) {
  expand_one(e, "Sigmoid");
}
void expand_softmax(Expansion& e) {
  expand_one(e, "Softmax");
}
void expand_reduce_mean(Expansion& e) {
  expand_one(e, "ReduceMean");
}

struct Entry {
  std::string_view op;
  void (*expand)(Expansion&);
};

constexpr Entry kEntries[] = {
    {"QGemm", expand_gemm},
    {"QLinearAdd", expand_add},
    {"QLinearAveragePool", expand_averagepool},
    {"QLinearConcat", expand_concat},
    {"QLinearConv", expand_conv},
    {"QLinearGlobalAveragePool", expand_global_averagepool},
    {"QLinearLeakyRelu", expand_leaky_relu},
    {"QLinearMatMul", expand_matmul},
    {"QLinearMul", expand_mul},
    {"QLinearReduceMean", expand_reduce_mean},
    {"QLinearSigmoid", expand_sigmoid},
    {"QLinearSoftmax", expand_softmax},
};

const Entry* entry_of(const Node& node) {
  if (!node.domain.empty() && node.domain != "com.microsoft") return nullptr;
  const auto found = std::find_if(std::begin(kEntries), std::end(kEntries),
                                  [&](const Entry& entry) { return entry.op == node.op; });
  return found == std::end(kEntries) || node.outputs.empty() ? nullptr : found;
}

}  // namespace

Model expand_quantized(Model model) {
  std::set<std::string> names = names_of_values(model);
  std::vector<Node> nodes;
  for (Node& node : model.nodes) {
    const Entry* entry = entry_of(node);
    if (entry) {
      Expansion e{model, node, names};
      try {
        entry->expand(e);
        nodes.insert(nodes.end(), e.nodes.begin(), e.nodes.end());
        continue;
      } catch (const Unmapped& reason) {
        node.refusal = reason;
      }
    }
    nodes.push_back(std::move(node));
  }
  model.nodes = std::move(nodes);
  return model;
}

}  // namespace cnnc::onnx
