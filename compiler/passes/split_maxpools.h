#pragma once
#include "graph/graph.h"

namespace cnnc {

// The greatest element of large windows (spatial pyramid pooling) is that of the greatest of each of their
// columns: 5 + 5 comparisons instead of 25. So such a maxpool becomes one along the rows and one along the
// columns. The first has a value that no node of the elaborated graph has, so it covers none.
[[nodiscard]] Graph split_maxpools(Graph graph);

}  // namespace cnnc
