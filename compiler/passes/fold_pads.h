#pragma once
#include "graph/graph.h"

namespace cnnc {

// A conv of a map that is padded with zeros pads the map itself. A pad that nobody else reads is removed; the
// conv covers it.
[[nodiscard]] Graph fold_pads(Graph graph);

}  // namespace cnnc
