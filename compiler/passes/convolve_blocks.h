#pragma once
#include "graph/graph.h"

namespace cnnc {

// A conv of blocks of pixels that became channels (the focus of YOLOX and YOLOv5, a space_to_depth) becomes a
// conv of the map itself: every s-th row and column, from each of the first s on, times a filter of k x k is
// the map times one of sk x sk, at s times the stride. The same products are summed, and nothing is moved.
// The blocks may be made by crops, concats and space_to_depth, in any order of the channels; each element of
// a block must be there once. What nobody else reads of these is removed.
[[nodiscard]] Graph convolve_blocks(Graph graph);

}  // namespace cnnc
