#pragma once
#include "graph/graph.h"

namespace cnnc {

// Means of a 1x1 conv of stride 1 become the conv of the means: both are linear, and of the means there are
// fewer. A conv that alone is read by an avgpool without padding or by a global_avgpool trades places with it
// where that saves more products than it adds sums. The node of the means has a value that no node of the
// elaborated graph has, so it covers none; the conv covers both.
[[nodiscard]] Graph average_first(Graph graph);

}  // namespace cnnc
