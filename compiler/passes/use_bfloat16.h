// Convolutions in bfloat16, whose products processors sum in pairs (ops/halves/).
#pragma once
#include "graph/graph.h"

namespace cnnc {

// Makes of each conv of one group that no fast algorithm takes (Winograd's: several taps, stride 1) one of
// bfloat16 with weights rounded to it, if it has 8 input channels or more and no weight beyond bfloat16's
// range; and rounds its input where that is computed or, where floats of it are needed too, by a node of its
// own. Weights that are not bound stay so. To be run behind all other passes.
[[nodiscard]] Graph use_bfloat16(Graph graph);

}  // namespace cnnc
