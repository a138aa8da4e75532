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

const Constant& need_constant(const Expansion& e, size_t index, const char* what) {
  if (const Constant* constant = constant_of(e.model, e.node, index)) return *constant;
  throw Unmapped{fmt::format("{} is computed by the network, not a constant", what), ""};
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
  node.inputs = {input_of(e.node, index), input_of(e.node, index + 1), input_of(e.node, index + 2)};
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
  if (input_of(e.node, scale).empty()) {
    e.nodes.push_back(std::move(node));
    return;
  }
  node.outputs = {name_of_part(e, "result")};
  Node last;
  last.name = node.name;
  last.op = "QuantizeLinear";
  last.inputs = {node.outputs[0], input_of(e.node, scale), input_of(e.node, scale + 1)};
  last.outputs = {e.node.outputs[0]};
  e.nodes.push_back(std::move(node));
  e.nodes.push_back(std::move(last));
}

// A bias in the sums' scale: that of the input times that of the weight.
std::string real_bias(Expansion& e, size_t bias, size_t input_scale, size_t weight_scale, float factor) {
  const Constant& numbers = need_constant(e, bias, "its bias");
  const Constant& of_input = need_constant(e, input_scale, "the scale of its input");
  const Constant& of_weight = need_constant(e, weight_scale, "the scale of its weight");
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
void expand_conv(Expansion& e, const std::string& op) {
  std::vector<std::string> inputs = {real_input(e, 0, 1), real_input(e, 3, 0)};
  if (!input_of(e.node, 8).empty()) inputs.push_back(real_bias(e, 8, 1, 4, 1));
  finish(e, on_reals(e, op, std::move(inputs)), 6);
}

// a, b and y; the scales of b may be one for each column.
void expand_matmul(Expansion& e, const std::string& op) {
  const std::string a = real_input(e, 0, 1), b = real_input(e, 3, -1);
  finish(e, on_reals(e, op, {a, b}), 6);
}

// A, B, C in the scale of the sums, and y, which is left out where the result is of reals.
void expand_gemm(Expansion& e, const std::string& op) {
  const int64_t axis = integer(e.node, "transB", 0) != 0 ? 0 : 1;
  std::vector<std::string> inputs = {real_input(e, 0, 1), real_input(e, 3, axis)};
  if (!input_of(e.node, 6).empty()) inputs.push_back(real_bias(e, 6, 1, 4, real(e.node, "alpha", 1)));
  finish(e, on_reals(e, op, std::move(inputs)), 7);
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
void expand_concat(Expansion& e, const std::string& op) {
  std::vector<std::string> inputs;
  for (size_t i = 2; i + 2 < e.node.inputs.size(); i += 3) inputs.push_back(real_input(e, i, 1));
  finish(e, on_reals(e, op, std::move(inputs)), 0);
}

// Since opset 13 a softmax is along one axis alone; each such node says which opset's it is.
void expand_softmax(Expansion& e, const std::string& op) {
  const int64_t opset = integer(e.node, "opset", e.model.opset);
  if ((opset < 13) != (e.model.opset < 13))
    throw Unmapped{fmt::format("it is a Softmax of opset {}, and the model of {}", opset, e.model.opset),
                   "Softmax has changed with opset 13: quantise a model that was exported as one opset"};
  expand_one(e, op);
}

struct Entry {
  std::string_view op, on_reals;
  void (*expand)(Expansion&, const std::string& on_reals);
};

constexpr Entry kEntries[] = {
    {"QGemm", "Gemm", expand_gemm},
    {"QLinearAdd", "Add", expand_two},
    {"QLinearAveragePool", "AveragePool", expand_one},
    {"QLinearConcat", "Concat", expand_concat},
    {"QLinearConv", "Conv", expand_conv},
    {"QLinearGlobalAveragePool", "GlobalAveragePool", expand_one},
    {"QLinearLeakyRelu", "LeakyRelu", expand_one},
    {"QLinearMatMul", "MatMul", expand_matmul},
    {"QLinearMul", "Mul", expand_two},
    {"QLinearReduceMean", "ReduceMean", expand_one},
    {"QLinearSigmoid", "Sigmoid", expand_one},
    {"QLinearSoftmax", "Softmax", expand_softmax},
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
        entry->expand(e, std::string(entry->on_reals));
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
