#pragma once
#include "graph/graph.h"

namespace cnnc {

// Removes dropout, which does nothing once a network is trained: its consumers, and the outputs that it is,
// take its input instead. That node covers it then, unless it is an input of the graph, which keeps its name.
[[nodiscard]] Graph remove_identities(Graph graph);

}  // namespace cnnc
