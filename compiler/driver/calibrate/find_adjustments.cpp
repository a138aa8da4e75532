#include "driver/calibrate/find_adjustments.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>

#include "quantize/bias_correction.h"
#include "quantize/byte_tensors.h"
#include "quantize/choose/choose_equalisation.h"
#include "quantize/equalise.h"
#include "quantize/integer_forms.h"
#include "quantize/integer_node.h"
#include "quantize/list_tensors.h"

namespace cnnc {
namespace {

// A line needs no more: what is left of an error is a thousandth of it.
float of_three_digits(double value) {
  return std::strtof(fmt::format("{:.3g}", value).c_str(), nullptr);
}

// The layer of the text with these weights, which may cover a padding before it, and what is behind; "" if
// there is none.
std::string name_of_layer(const Node& layer, const Graph& elaborated) {
  for (const Node& node : elaborated.nodes)
    if (node.op == layer.op &&
        std::find(layer.covers.begin(), layer.covers.end(), node.name) != layer.covers.end())
      return node.name;
  return "";
}

bool can_be_written(const std::vector<double>& errors) {
  return !errors.empty() && std::all_of(errors.begin(), errors.end(), [](double error) {
    return std::fabs(error) <= kGreatestScale;  // false of NaN
  });
}

// Dense layers along the last axis of a tensor of three are left: their outputs are no channels.
bool has_channels(const Graph& graph, const Node& layer) {
  return layer.op == "conv" || graph.nodes[static_cast<size_t>(layer.inputs[0])].shape.is_vector();
}

std::vector<NodeId> layers_of_bytes(const Graph& graph, const ByteTensors& tensors) {
  std::vector<NodeId> layers;
  for (NodeId id = 0; id < static_cast<NodeId>(graph.nodes.size()); ++id) {
    const Node& node = graph.nodes[static_cast<size_t>(id)];
    if (tensors.is_integer[static_cast<size_t>(id)] && !node.covers.empty() &&
        integer_form(graph, node) == IntegerForm::contraction && has_channels(graph, node))
      layers.push_back(id);
  }
  return layers;
}

}  // namespace

std::vector<Quantization::Channels> find_equalisation(const Graph& graph, const Quantization& quantization,
                                                      const DataSet& data, const Compile& compile) {
  const std::vector<NodeId> watched = tensors_to_watch(graph, quantization);
  if (watched.empty()) return {};
  std::vector<std::optional<ChannelValues>> values(graph.nodes.size());
  WatchedGraph(graph, watched, compile).run(data, [&](size_t i, const std::vector<float>& tensor) {
    auto& seen = values[static_cast<size_t>(watched[i])];
    if (!seen) seen.emplace();
    add(tensor, static_cast<size_t>(graph.nodes[static_cast<size_t>(watched[i])].shape.sizes[0]), *seen);
  });
  return choose_equalisation(graph, values, quantization);
}

std::vector<Quantization::Channels> find_corrections(const Graph& elaborated, const Graph& graph,
                                                     const Quantization& quantization, const DataSet& data,
                                                     const Compile& compile) {
  const Graph floats = equalised(graph, quantization);
  const ByteTensors tensors = choose_bytes(floats, quantization);
  const std::vector<NodeId> layers = layers_of_bytes(floats, tensors);
  if (layers.empty()) return {};
  std::vector<NodeId> watched;
  for (const NodeId id : layers) watched.push_back(floats.nodes[static_cast<size_t>(id)].inputs[0]);
  std::vector<LayerInputs> seen(layers.size());
  const auto layer = [&](size_t i) -> const Node& { return floats.nodes[static_cast<size_t>(layers[i])]; };
  const auto scale = [&](size_t i) { return *tensors.scales[static_cast<size_t>(watched[i])]; };
  WatchedGraph(floats, watched, compile).run(data, [&](size_t i, const std::vector<float>& tensor) {
    add(tensor, layer(i), floats.nodes[static_cast<size_t>(watched[i])].shape, scale(i), seen[i]);
  });
  std::vector<Quantization::Channels> lines;
  for (size_t i = 0; i < layers.size(); ++i) {
    const std::vector<double> errors =
        mean_errors(layer(i), scale(i), weight_rules(quantization, layer(i)), seen[i]);
    Quantization::Channels line;
    line.name = name_of_layer(layer(i), elaborated);
    if (line.name.empty() || !can_be_written(errors)) continue;
    for (const double error : errors) line.numbers.push_back(of_three_digits(-error));
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace cnnc
