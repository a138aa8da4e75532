#include "onnx/patterns/channels_last.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <variant>

namespace cnnc::onnx {
namespace {

using Names = std::set<std::string>;

bool is_to_channels_first(const Node& node) {
  const auto found = node.attributes.find("perm");
  const auto* order =
      found == node.attributes.end() ? nullptr : std::get_if<std::vector<int64_t>>(&found->second);
  return node.op == "Transpose" && order && *order == std::vector<int64_t>{0, 3, 1, 2};
}

// Operators that treat each element of a tensor alike, or are given sizes in its order; the last names are
// those of recognise.cpp.
// clang-format off
constexpr std::string_view kOps[] = {
    "Abs",
    "Add",
    "BatchNormalization",
    "Cast",
    "Ceil",
    "Celu",
    "Clip",
    "Cos",
    "Div",
    "Dropout",
    "Elu",
    "Erf",
    "Exp",
    "Floor",
    "Gelu",
    "HardSigmoid",
    "HardSwish",
    "Identity",
    "LeakyRelu",
    "Log",
    "Max",
    "Mean",
    "Min",
    "Mish",
    "Mul",
    "Neg",
    "PRelu",
    "Pad",
    "Pow",
    "Reciprocal",
    "Relu",
    "Round",
    "Selu",
    "Shrink",
    "Sigmoid",
    "Sign",
    "Sin",
    "Softplus",
    "Softsign",
    "Sqrt",
    "Sub",
    "Sum",
    "Tanh",
    "ThresholdedRelu",
    "gelu",
    "mish",
    "silu",
    "softplus",
    "threshold",
};
// clang-format on

// A product with a matrix of the file is one of the last dimension, the channels.
bool is_of_channels(const Model& model, const Node& node) {
  return node.op == "MatMul" && node.inputs.size() == 2 && model.constants.count(node.inputs[1]) > 0;
}

// Where a picture is scaled, shifted, padded, or changed element by element, or its channels are multiplied,
// its dimensions stay.
bool keeps_dimensions(const Model& model, const Node& node) {
  if (is_of_channels(model, node)) return true;
  return std::find(std::begin(kOps), std::end(kOps), node.op) != std::end(kOps);
}

// The values that are transposed, at once or after such operators. Nodes are in topological order: one walk
// backwards finds all.
Names transposed_values(const Model& model) {
  Names values;
  for (auto node = model.nodes.rbegin(); node != model.nodes.rend(); ++node) {
    const auto is_transposed = [&](const std::string& output) { return values.count(output) > 0; };
    if (is_to_channels_first(*node) ||
        (keeps_dimensions(model, *node) &&
         std::any_of(node->outputs.begin(), node->outputs.end(), is_transposed)))
      values.insert(node->inputs.begin(), node->inputs.end());
  }
  return values;
}

}  // namespace

std::set<std::string> channels_last_inputs(const Model& model) {
  const Names transposed = transposed_values(model);
  Names inputs;
  for (const ValueInfo& input : model.inputs)
    if (input.dims && input.dims->size() == 4 && transposed.count(input.name) > 0) inputs.insert(input.name);
  return inputs;
}

}  // namespace cnnc::onnx
