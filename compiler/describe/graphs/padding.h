// `pad same` for the numbers that it stands for.
#pragma once
#include "graph/graph.h"

namespace cnnc {

// A network with padding that only `pad same` gives, which is one row or column wider at the bottom or right,
// has that word wherever the numbers are the same, as TensorFlow's networks do; any other is left as it is.
Graph with_same_padding(Graph graph);

}  // namespace cnnc
