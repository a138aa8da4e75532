// Concatenations as the language writes them.
#pragma once
#include "graph/graph.h"

namespace cnnc {

// Where concat(a, b, c) and concat(a, b) both exist, the first is concat(concat(a, b), c): the same channels
// in the same order. PyTorch's DenseNet joins all that came before for each layer anew. Nodes keep their
// places.
Graph nest_concats(Graph graph);

}  // namespace cnnc
