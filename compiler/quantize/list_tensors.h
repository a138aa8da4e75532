#pragma once
#include <optional>
#include <vector>

#include "graph/graph.h"
#include "quantize/quantization.h"
#include "quantize/ranges.h"

namespace cnnc {

// The nodes of a graph that the passes have made whose ranges list_tensors wants: those that a node reads
// which could be computed from bytes. Aliases have the range of what they show in another shape.
std::vector<NodeId> tensors_to_watch(const Graph& graph, const Quantization& quantization);

// The quantisation with a line for each tensor that is stored as bytes where all layers are computed from
// bytes that can be and that it does not keep in floats, in the order of the nodes. `ranges`: by node, of
// those of tensors_to_watch.
Quantization list_tensors(const Graph& graph, const std::vector<std::optional<Range>>& ranges,
                          Quantization quantization);

}  // namespace cnnc
