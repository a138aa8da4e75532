#pragma once
#include "graph/graph.h"

namespace cnnc {

// Pads of a map's rows or columns as 'pad'. A conv of a map that is padded with zeros pads the map itself. A
// pad that nobody else reads is removed; the conv covers it.
[[nodiscard]] Graph fold_pads(Graph graph);

}  // namespace cnnc
