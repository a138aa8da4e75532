#include "onnx/quantized/constants.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <string_view>

#include "onnx/attributes.h"
#include "onnx/quantized/grid.h"

namespace cnnc::onnx {
namespace {

constexpr std::string_view kOperators[] = {
    "ConvInteger", "DequantizeLinear", "DynamicQuantizeLinear", "MatMulInteger", "QGemm", "QuantizeLinear"};

// Where ONNX Runtime's tools have quantised a value, they call it so.
constexpr std::string_view kSuffixes[] = {"_DequantizeLinear_Output", "_quantized", "_QuantizeLinear_Input"};

std::string original_name(std::string name) {
  for (const std::string_view suffix : kSuffixes)
    if (name.size() > suffix.size() && name.compare(name.size() - suffix.size(), suffix.size(), suffix) == 0)
      name.resize(name.size() - suffix.size());
  return name;
}

// The constant that a node says, without any arithmetic; null: it does something else.
const Constant* said(const Model& model, const Node& node) {
  if (!node.domain.empty() || node.outputs.size() != 1) return nullptr;
  if (node.op == "Constant") {
    const auto value = node.attributes.find("value");
    return value == node.attributes.end() ? nullptr : std::get_if<Constant>(&value->second);
  }
  if (node.op != "Identity" || node.inputs.size() != 1) return nullptr;
  return constant_of(model, node, 0);
}

// While the constants are made real.
struct Folding {
  RealConstants result;
  std::set<std::string> names;                 // of all values
  std::map<std::string, std::string> renamed;  // values by what they were called
};

// A node of which all inputs are constants, as one; throws Unmapped where its numbers make no sense.
Constant value_of(const Node& node, const Constant& first, const Constant& scale, const Constant* zero) {
  const int64_t axis = integer(node, "axis", 1), block = integer(node, "block_size", 0);
  if (node.op == "DequantizeLinear") return dequantized(first, scale, zero, axis, block);
  return quantized(first, scale, zero, zero ? zero->type : "uint8", axis, block);
}

// Whether the numbers less their zero points are -128 to 127.
bool are_bytes(const Constant& numbers, const Constant* zero) {
  const auto [least, greatest] = std::minmax_element(numbers.integers->begin(), numbers.integers->end());
  if (least == numbers.integers->end()) return true;
  double least_zero = 0, greatest_zero = 0;
  if (zero) {
    const auto [a, b] = std::minmax_element(zero->integers->begin(), zero->integers->end());
    least_zero = static_cast<double>(*a);
    greatest_zero = static_cast<double>(*b);
  }
  return static_cast<double>(*least) - greatest_zero >= -128 &&
         static_cast<double>(*greatest) - least_zero <= 127;
}

bool fold(Folding& f, Node& node) {
  Model& model = f.result.model;
  const bool is_scaling = node.op == "DequantizeLinear" || node.op == "QuantizeLinear";
  const Constant* first = constant_of(model, node, 0);
  const Constant* scale = constant_of(model, node, 1);
  const Constant* zero = constant_of(model, node, 2);
  const bool has_zero = !input_of(node, 2).empty();
  if (!is_scaling || !node.domain.empty() || !first || !scale || (has_zero && !zero) ||
      node.outputs.size() != 1)
    return false;
  try {
    Constant value = value_of(node, *first, *scale, zero);
    std::string name = original_name(node.inputs[0]);
    if (node.op == "QuantizeLinear" || !f.names.insert(name).second) name = node.outputs[0];
    if (node.op == "DequantizeLinear" && are_bytes(*first, zero)) f.result.scales[name] = *scale->floats;
    f.renamed[node.outputs[0]] = name;
    model.constants.insert_or_assign(name, std::move(value));
    return true;
  } catch (const Unmapped& reason) {
    node.refusal = reason;
    return false;
  }
}

// What only moves the elements of a weight keeps its scales.
void keep_scales(Folding& f, const Node& node) {
  const std::string_view moves = " Transpose Reshape Squeeze Unsqueeze Identity Cast ";
  if (node.inputs.empty() || node.outputs.empty() ||
      moves.find(" " + node.op + " ") == std::string_view::npos)
    return;
  const auto found = f.result.scales.find(node.inputs[0]);
  if (found != f.result.scales.end()) f.result.scales[node.outputs[0]] = found->second;
}

}  // namespace

std::string input_of(const Node& node, size_t index) {
  return index < node.inputs.size() ? node.inputs[index] : "";
}

const Constant* find_constant(const Model& model, const std::string& name) {
  const auto found = model.constants.find(name);
  return found == model.constants.end() ? nullptr : &found->second;
}

const Constant* constant_of(const Model& model, const Node& node, size_t index) {
  return find_constant(model, input_of(node, index));
}

std::set<std::string> names_of_values(const Model& model) {
  std::set<std::string> names = {""};
  for (const ValueInfo& input : model.inputs) names.insert(input.name);
  for (const auto& [name, constant] : model.constants) names.insert(name);
  for (const Node& node : model.nodes) names.insert(node.outputs.begin(), node.outputs.end());
  return names;
}

bool is_of_quantization(const Node& node) {
  return node.op.rfind("QLinear", 0) == 0 ||
         std::find(std::begin(kOperators), std::end(kOperators), node.op) != std::end(kOperators);
}

bool is_quantized(const Model& model) {
  return std::any_of(model.nodes.begin(), model.nodes.end(), is_of_quantization);
}

Model with_initializers(Model model) {
  std::vector<Node> nodes;
  for (Node& node : model.nodes) {
    const Constant* value = said(model, node);
    if (!value) {
      nodes.push_back(std::move(node));
      continue;
    }
    const Constant copy = *value;
    model.constants.insert_or_assign(node.outputs[0], copy);
  }
  model.nodes = std::move(nodes);
  return model;
}

RealConstants with_real_constants(Model model) {
  Folding f{{std::move(model), {}}, {}, {}};
  f.names = names_of_values(f.result.model);
  std::vector<Node> nodes = std::move(f.result.model.nodes), kept;
  for (Node& node : nodes) {
    for (std::string& input : node.inputs)
      if (const auto found = f.renamed.find(input); found != f.renamed.end()) input = found->second;
    if (fold(f, node)) continue;
    keep_scales(f, node);
    kept.push_back(std::move(node));
  }
  f.result.model.nodes = std::move(kept);
  return std::move(f.result);
}

}  // namespace cnnc::onnx
