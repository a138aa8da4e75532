// The texts of `cnnc summary`.
#pragma once
#include <string>

#include "graph/graph.h"

namespace cnnc {

// A node as the language writes it, without what is the default: "conv 6 5x5 pad 2", "add conv1, conv2".
std::string as_written(const Graph& graph, const Node& node);

// The layers of an elaborated graph, one a line, and the totals below them.
std::string layer_table(const Graph& graph);

}  // namespace cnnc
