#pragma once
#include "graph/graph.h"

namespace cnnc {

// A concat of more tensors than one kernel may read (limits::kOperands) becomes one of concats of at most so
// many each. These have values that no node of the elaborated graph has, so they cover none. The language has
// no limit there, since a long concat is mostly not written by a person, and merge_channels makes one of
// several.
[[nodiscard]] Graph split_concats(Graph graph);

}  // namespace cnnc
