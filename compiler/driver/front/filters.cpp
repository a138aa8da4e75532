#include "driver/front/filters.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "driver/front/front.h"
#include "picture/values/filters.h"
#include "support/suggest.h"

namespace cnnc {
namespace {

std::vector<NodeId> layers_with_filters(const Graph& graph) {
  std::vector<NodeId> layers;
  for (size_t i = 0; i < graph.nodes.size(); ++i)
    if (picture::has_filters(graph.nodes[i])) layers.push_back(static_cast<NodeId>(i));
  return layers;
}

std::vector<std::string> names_of(const Graph& graph, const std::vector<NodeId>& layers) {
  std::vector<std::string> names;
  for (const NodeId layer : layers) names.push_back(graph.nodes[layer].name);
  return names;
}

// "conv1, conv2, fc1": as many as a line has room for.
std::string listed(const std::vector<std::string>& names) {
  constexpr size_t kMost = 8;
  if (names.size() <= kMost) return fmt::format("{}", fmt::join(names, ", "));
  return fmt::format("{} and {} more", fmt::join(names.begin(), names.begin() + kMost, ", "),
                     names.size() - kMost);
}

}  // namespace

std::optional<NodeId> first_layer_with_filters(const Graph& graph) {
  const std::vector<NodeId> layers = layers_with_filters(graph);
  for (const NodeId layer : layers)
    if (graph.nodes[layer].op.rfind("conv", 0) == 0) return layer;
  return layers.empty() ? std::nullopt : std::optional(layers.front());
}

NodeId layer_with_filters(const Graph& graph, const Source& source, const std::optional<std::string>& name) {
  const std::optional<NodeId> first = first_layer_with_filters(graph);
  if (!first)
    throw InputError{
        fmt::format("{}: error: the network has no layer with filters: no convolution and no dense layer\n",
                    source.name)};
  if (!name) return *first;
  const std::vector<NodeId> layers = layers_with_filters(graph);
  for (const NodeId layer : layers)
    if (graph.nodes[layer].name == *name) return layer;
  const std::vector<std::string> names = names_of(graph, layers);
  for (const Node& node : graph.nodes)
    if (node.name == *name)
      throw UsageError{fmt::format("'--layer {}': a layer '{}' has no filters; those that have some are {}",
                                   *name, node.op, listed(names))};
  throw UsageError{fmt::format("'--layer' names '{}', which the network lacks; layers with filters are {}{}",
                               *name, listed(names), did_you_mean(*name, names))};
}

bool reads_bgr(const Graph& graph) {
  return std::any_of(graph.inputs.begin(), graph.inputs.end(), [&](NodeId input) {
    const std::optional<Pixels>& pixels = graph.nodes[input].pixels;
    return pixels && (pixels->format == PixelFormat::bgr8 || pixels->format == PixelFormat::bgra8);
  });
}

}  // namespace cnnc
