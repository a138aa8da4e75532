// Which layer's filters are shown.
#pragma once
#include <optional>
#include <string>

#include "graph/graph.h"
#include "support/source.h"

namespace cnnc {

// The layer of that name or, without one, the first convolution, else the first layer with filters. Throws
// UsageError where the name is no such layer's, and InputError where the network has none.
NodeId layer_with_filters(const Graph& graph, const Source& source, const std::optional<std::string>& name);

// The first convolution, else the first layer with filters; none: there is no such layer.
std::optional<NodeId> first_layer_with_filters(const Graph& graph);

// Whether the network reads blue, green and red, as its text says.
bool reads_bgr(const Graph& graph);

}  // namespace cnnc
