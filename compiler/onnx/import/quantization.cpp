#include "onnx/import/quantization.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <optional>
#include <string_view>

#include "graph/attributes.h"
#include "passes/edit/rewrite.h"
#include "passes/fold_batchnorm.h"

namespace cnnc::onnx {
namespace {

using Tensors = std::map<NodeId, ByteScale>;

// What moves elements, or takes the greatest, so that it may be done to the bytes.
bool is_move(const cnnc::Node& node) {
  constexpr std::string_view kMoves =
      " channel_shuffle concat concat_along crop depth_to_space dropout expand flatten flip global_maxpool "
      "maxpool permute reshape slice space_to_depth split ";
  return kMoves.find(" " + node.op + " ") != std::string_view::npos;
}

// A value that was joined to another, as a product to its bias, comes before it: the last one counts.
const ByteScale* tensor_of(const cnnc::Node& node, const QuantizedValues& values) {
  for (auto name = node.covers.rbegin(); name != node.covers.rend(); ++name)
    if (const auto found = values.tensors.find(*name); found != values.tensors.end()) return &found->second;
  return nullptr;
}

// The scale that all inputs of the node have.
const ByteScale* common_scale(const cnnc::Node& node, const Tensors& tensors) {
  const ByteScale* common = nullptr;
  for (const NodeId input : node.inputs) {
    const auto found = tensors.find(input);
    if (found == tensors.end() || (common && !(*common == found->second))) return nullptr;
    common = &found->second;
  }
  return common;
}

// Moved bytes are bytes; and what is only moved before it becomes bytes may become so first.
void spread(const Graph& graph, Tensors& tensors) {
  const std::vector<int> uses = count_uses(graph);
  for (size_t id = 0; id < graph.nodes.size(); ++id) {
    const cnnc::Node& node = graph.nodes[id];
    if (!is_move(node) || tensors.count(static_cast<NodeId>(id))) continue;
    if (const ByteScale* scale = common_scale(node, tensors)) {
      const ByteScale copy = *scale;
      tensors.emplace(static_cast<NodeId>(id), copy);
    }
  }
  for (size_t id = graph.nodes.size(); id-- > 0;) {
    const auto found = tensors.find(static_cast<NodeId>(id));
    if (found == tensors.end() || !is_move(graph.nodes[id])) continue;
    const ByteScale scale = found->second;
    for (const NodeId input : graph.nodes[id].inputs)
      if (uses[static_cast<size_t>(input)] == 1) tensors.emplace(input, scale);
  }
}

// ---- weights
bool has_weight(const cnnc::Node& node) {
  return node.op == "conv" || node.op == "dense";
}

// The greatest magnitude of the weights in units of their scales; empty where they are no whole multiples, or
// beyond what a byte holds.
std::optional<int> greatest_weight(const Parameter& weight, const std::vector<float>& scales) {
  const auto outputs = static_cast<size_t>(weight.shape.sizes[0]);
  if (!weight.values || (scales.size() != 1 && scales.size() != outputs)) return std::nullopt;
  const size_t of_output = weight.values->size() / outputs;
  int greatest = 0;
  for (size_t i = 0; i < weight.values->size(); ++i) {
    const float scale = scales[scales.size() == 1 ? 0 : i / of_output];
    const double number = (*weight.values)[i] == 0 ? 0 : static_cast<double>((*weight.values)[i]) / scale;
    const double nearest = std::nearbyint(number);
    if (!(std::fabs(number - nearest) < 1e-3) || nearest < -128 || nearest > 127) return std::nullopt;
    greatest = std::max(greatest, std::abs(static_cast<int>(nearest)));
  }
  return greatest;
}

// The scales of the node's weight, if its values are multiples of them.
const std::vector<float>* scales_of(const cnnc::Node& node, const QuantizedValues& values, int& greatest) {
  const Parameter* weight = find_parameter(node, "weight");
  for (const std::string& value : node.covers)
    if (const auto found = values.weights.find(value); weight && found != values.weights.end())
      if (const auto magnitude = greatest_weight(*weight, found->second)) {
        greatest = std::max(greatest, *magnitude);
        return &found->second;
      }
  return nullptr;
}

// A batchnorm behind the layer, which nothing else reads and no line says to be bytes, is folded into the
// weights by the passes: the scales are multiplied as the weights are.
std::vector<float> folded_scales(const Graph& graph, NodeId layer, const Tensors& tensors,
                                 std::vector<float> scales) {
  const auto reads = [&](const cnnc::Node& node) {
    return std::find(node.inputs.begin(), node.inputs.end(), layer) != node.inputs.end();
  };
  const auto reader = std::find_if(graph.nodes.begin(), graph.nodes.end(), reads);
  const bool is_folded = takes_batchnorm(graph.nodes[static_cast<size_t>(layer)]) &&
                         tensors.count(layer) == 0 && reader != graph.nodes.end() &&
                         reader->op == "batchnorm" && count_uses(graph)[static_cast<size_t>(layer)] == 1;
  if (!is_folded) return scales;
  const std::vector<double> factors = scale_and_shift(*reader).scale;
  scales.resize(factors.size(), scales.front());
  for (size_t c = 0; c < factors.size(); ++c)
    scales[c] = static_cast<float>(scales[c] * std::fabs(factors[c]));
  return scales;
}

}  // namespace

NetworkQuantization quantization_of(const Graph& graph, const QuantizedValues& values) {
  Tensors tensors;
  for (size_t id = 0; id < graph.nodes.size(); ++id)
    if (const ByteScale* tensor = tensor_of(graph.nodes[id], values))
      tensors.emplace(static_cast<NodeId>(id), *tensor);
  spread(graph, tensors);
  NetworkQuantization result;
  result.tensors.assign(tensors.begin(), tensors.end());
  int greatest = 0;
  for (size_t id = 0; id < graph.nodes.size(); ++id) {
    const cnnc::Node& node = graph.nodes[id];
    if (!has_weight(node) || tensors.count(node.inputs[0]) == 0) continue;
    if (const auto* scales = scales_of(node, values, greatest))
      result.weights.emplace_back(static_cast<NodeId>(id),
                                  folded_scales(graph, static_cast<NodeId>(id), tensors, *scales));
    else
      result.floats.push_back(static_cast<NodeId>(id));
  }
  if (!result.weights.empty() && greatest <= 64) result.weight_bits = 7;
  return result;
}

std::set<NodeId> stored_nodes(const Graph& graph, const QuantizedValues& values) {
  std::set<NodeId> nodes;
  for (size_t id = 0; id < graph.nodes.size(); ++id)
    if (tensor_of(graph.nodes[id], values)) nodes.insert(static_cast<NodeId>(id));
  return nodes;
}

}  // namespace cnnc::onnx
