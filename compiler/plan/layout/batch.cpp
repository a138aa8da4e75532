#include "plan/layout/batch.h"

#include "ops/registry.h"

namespace cnnc {

namespace {

// Cycles to read so many bytes again, after all `set` bytes were used.
double reading(double bytes, double set, const Memory& memory) {
  if (set <= memory.own) return 0;
  return bytes / (set <= memory.shared ? memory.from_beyond : memory.from_memory);
}

constexpr double bytes_of(int64_t elements, ElementType type) {
  return static_cast<double>(elements) * static_cast<double>(size_of(type));
}

double weights_of(const Node& node) {
  double bytes = 0;
  for (const Parameter& parameter : node.parameters)
    bytes += bytes_of(parameter.shape.elements(), parameter.type);
  return bytes;
}

// Bytes of one image that a node reads and writes.
double activations_of(const Graph& graph, NodeId id, const std::vector<ElementType>& types) {
  const Node& node = graph.nodes[id];
  if (is_input(node) || facts_of(node).is_alias) return 0;
  double bytes = bytes_of(node.shape.elements(), types[id]);
  for (const NodeId input : node.inputs) bytes += bytes_of(graph.nodes[input].shape.elements(), types[input]);
  return bytes;
}

}  // namespace

NodeId choose_cut(const Graph& graph, int64_t images, const Memory& memory) {
  const auto n = static_cast<double>(images);
  NodeId cut = 0;
  double weights = 0, activations = 0, least = 0;  // cycles, beyond those of all images together
  const std::vector<ElementType> types = element_types(graph);
  for (NodeId id = 0; id < static_cast<NodeId>(graph.nodes.size()); ++id) {
    const double bytes = activations_of(graph, id, types);
    weights += weights_of(graph.nodes[id]);
    activations += n * (reading(bytes, bytes, memory) - reading(bytes, n * bytes, memory));
    const double cycles = (n - 1) * reading(weights, weights, memory) + activations;
    if (cycles >= least) continue;
    least = cycles;
    cut = id + 1;
  }
  return cut;
}

}  // namespace cnnc
