#include "quantize/list_tensors.h"

#include "ops/registry.h"
#include "quantize/byte_tensors.h"

namespace cnnc {
namespace {

// What the passes put on the way has no name in a file.
bool has_name(const Node& node) {
  return !node.covers.empty();
}

Quantization with_lines(const Graph& graph, Quantization quantization,
                        const std::vector<std::optional<ByteScale>>& scales) {
  quantization.tensors.clear();
  for (size_t id = 0; id < graph.nodes.size(); ++id)
    if (scales[id] && has_name(graph.nodes[id]))
      quantization.tensors.push_back({graph.nodes[id].name, *scales[id], {}});
  return quantization;
}

NodeId shown_by(const Graph& graph, NodeId id) {
  while (facts_of(graph.nodes[id]).is_alias) id = graph.nodes[id].inputs[0];
  return id;
}

}  // namespace

std::vector<NodeId> tensors_to_watch(const Graph& graph, const Quantization& quantization) {
  const std::vector<std::optional<ByteScale>> all(graph.nodes.size(), ByteScale());
  const auto wanted = choose_bytes(graph, with_lines(graph, quantization, all), OutputRule::by_layers).scales;
  std::vector<bool> is_watched(graph.nodes.size());
  for (NodeId id = 0; id < static_cast<NodeId>(wanted.size()); ++id)
    if (wanted[id] && has_name(graph.nodes[id])) is_watched[shown_by(graph, id)] = true;
  std::vector<NodeId> watched;
  for (NodeId id = 0; id < static_cast<NodeId>(is_watched.size()); ++id)
    if (is_watched[id]) watched.push_back(id);
  return watched;
}

Quantization list_tensors(const Graph& graph, const std::vector<std::optional<Range>>& ranges,
                          Quantization quantization) {
  std::vector<std::optional<ByteScale>> scales(graph.nodes.size());
  for (NodeId id = 0; id < static_cast<NodeId>(scales.size()); ++id)
    if (const auto& range = ranges[shown_by(graph, id)]) scales[id] = bytes_over(*range);
  const auto chosen =
      choose_bytes(graph, with_lines(graph, quantization, scales), OutputRule::by_layers).scales;
  return with_lines(graph, std::move(quantization), chosen);
}

}  // namespace cnnc
