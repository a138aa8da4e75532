#pragma once
#include "graph/graph.h"

namespace cnnc {

// Operators that move channels about and cancel each other:
//  - a slice of a slice, or of one of the tensors that a concat joins, becomes a slice of that tensor; if it
//  is
//    all of it, the tensor itself. So does a concat of all parts of a tensor, a shuffle of the shuffle that
//    it undoes, and a shuffle that changes nothing.
//  - a concat takes over the inputs of a concat that has no other use.
// What nobody uses then is removed.
[[nodiscard]] Graph merge_channels(Graph graph);

}  // namespace cnnc
