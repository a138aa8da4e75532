#pragma once
#include "graph/graph.h"

namespace cnnc {

// Removes the nodes that reach no output of the graph, its inputs excepted.
[[nodiscard]] Graph remove_dead_nodes(Graph graph);

}  // namespace cnnc
