#include "onnx/channels_last.h"

#include <algorithm>
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

// Where a picture is scaled, shifted or padded, its dimensions stay.
bool keeps_dimensions(const Node& node) {
  const Names ops = {"Add", "BatchNormalization", "Cast", "Clip", "Div", "Identity", "Mul", "Neg", "Pad",
                     "Sub"};
  return ops.count(node.op) > 0;
}

bool reads(const Node& node, const Names& values) {
  return std::any_of(node.inputs.begin(), node.inputs.end(),
                     [&](const std::string& input) { return values.count(input) > 0; });
}

// Nodes are in topological order: one walk follows the picture.
bool is_transposed(const Model& model, const std::string& input) {
  Names pictures = {input};
  for (const Node& node : model.nodes) {
    if (!reads(node, pictures)) continue;
    if (is_to_channels_first(node)) return true;
    if (keeps_dimensions(node)) pictures.insert(node.outputs.begin(), node.outputs.end());
  }
  return false;
}

}  // namespace

std::set<std::string> channels_last_inputs(const Model& model) {
  std::set<std::string> inputs;
  for (const ValueInfo& input : model.inputs)
    if (input.dims && input.dims->size() == 4 && is_transposed(model, input.name)) inputs.insert(input.name);
  return inputs;
}

}  // namespace cnnc::onnx
