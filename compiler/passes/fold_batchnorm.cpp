#include "passes/fold_batchnorm.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>

#include "ops/registry.h"
#include "passes/edit/rewrite.h"

namespace cnnc {
namespace {

using Values = std::vector<float>;

const Values& values_of(const Node& node, std::string_view parameter) {
  const Parameter* found = find_parameter(node, parameter);
  if (!found || !found->values)
    throw std::logic_error("'" + node.name + "' has no values for '" + std::string(parameter) + "'");
  return *found->values;
}

bool has_values(const Node& node) {
  return std::all_of(node.parameters.begin(), node.parameters.end(),
                     [](const Parameter& parameter) { return parameter.values != nullptr; });
}

bool is_finite(const Values& values) {
  return std::all_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); });
}

// The weight of output channel c times scale[c]. Output channels are the rows of the parameter; of an
// upconv's, IOHW, those of its group stand in each row.
Values scaled(const Node& layer, const std::vector<double>& scale) {
  const Values& weight = values_of(layer, "weight");
  const Shape& shape = find_parameter(layer, "weight")->shape;
  const size_t rows = shape.sizes[0], row = weight.size() / rows;
  const bool is_transposed = layer.op == "upconv" || layer.op == "upconv3d";
  const size_t filter = is_transposed ? row / shape.sizes[1] : row;
  const size_t groups = is_transposed ? integer(layer.attributes, "groups") : rows;
  const size_t channels = scale.size() / groups;  // of a group
  Values result(weight.size());
  for (size_t begin = 0; begin < weight.size(); begin += filter) {
    const size_t group = begin / row / (rows / groups);
    const double factor = scale[group * channels + begin % row / filter];
    for (size_t i = begin; i < begin + filter; ++i) result[i] = static_cast<float>(weight[i] * factor);
  }
  return result;
}

// bias * scale + shift, for a bias that may be missing.
Values folded_bias(const Node& layer, const ScaleShift& norm) {
  const Values* bias = find_parameter(layer, "bias") ? &values_of(layer, "bias") : nullptr;
  Values result(norm.shift.size());
  for (size_t c = 0; c < result.size(); ++c)
    result[c] = static_cast<float>((bias ? (*bias)[c] * norm.scale[c] : 0.0) + norm.shift[c]);
  return result;
}

// Sets a parameter, which is added if the node does not have it.
void set_parameter(Node& node, Parameter parameter) {
  for (Parameter& p : node.parameters)
    if (p.name == parameter.name) {
      p = std::move(parameter);
      return;
    }
  node.parameters.push_back(std::move(parameter));
}

// The layer with the batchnorm in its weight and bias; empty if they do not fit into floats.
std::optional<Node> folded(Node layer, const Node& batchnorm) {
  Parameter weight = *find_parameter(layer, "weight");
  Parameter bias{"bias", {layer.shape.sizes[0]}, nullptr};
  if (has_values(layer) && has_values(batchnorm)) {
    ScaleShift norm = scale_and_shift(batchnorm);
    weight.values = std::make_shared<const Values>(scaled(layer, norm.scale));
    bias.values = std::make_shared<const Values>(folded_bias(layer, norm));
    if (!is_finite(*weight.values) || !is_finite(*bias.values)) return std::nullopt;
  } else {
    weight.values = nullptr;
  }
  set_parameter(layer, std::move(weight));
  set_parameter(layer, std::move(bias));
  layer.attributes["bias"] = true;
  return take_over(std::move(layer), batchnorm);
}

}  // namespace

// A dense layer's features are the last axis of a tensor, and a batchnorm's channels the first.
bool takes_batchnorm(const Node& layer) {
  const bool has_channels_first = layer.op != "dense" || layer.shape.is_vector();
  return facts_of(layer).is_contraction && has_channels_first && layer.epilogue.empty();
}

ScaleShift scale_and_shift(const Node& batchnorm) {
  const Values &weight = values_of(batchnorm, "weight"), &bias = values_of(batchnorm, "bias");
  const Values &mean = values_of(batchnorm, "running_mean"), &variance = values_of(batchnorm, "running_var");
  double eps = real(batchnorm.attributes, "eps");
  ScaleShift result;
  for (size_t c = 0; c < weight.size(); ++c) {
    double scale = weight[c] / std::sqrt(variance[c] + eps);
    result.scale.push_back(scale);
    result.shift.push_back(bias[c] - mean[c] * scale);
  }
  return result;
}

Graph fold_batchnorm(Graph graph) {
  std::vector<int> uses = count_uses(graph);
  std::vector<bool> keep(graph.nodes.size(), true);
  for (Node& node : graph.nodes) {
    if (node.op != "batchnorm" || !node.epilogue.empty()) continue;
    NodeId id = node.inputs[0];
    if (uses[id] != 1 || !takes_batchnorm(graph.nodes[id])) continue;
    std::optional<Node> merged = folded(graph.nodes[id], node);
    if (!merged) continue;
    node = std::move(*merged);
    keep[id] = false;
    graph.nodes[id].parameters.clear();  // else a large network's weights were in memory twice
  }
  return keep_nodes(std::move(graph), keep);
}

}  // namespace cnnc
