// A batchnorm with its activations that one convolution or pool alone reads is not stored: the kernel of that
// computes it from what it reads, each element once (BatchnormPrologue). Its first input is the batchnorm's.
#pragma once
#include <vector>

#include "graph/graph.h"
#include "plan/layout.h"
#include "target/target.h"

namespace cnnc {

// By node: the batchnorm that its kernel computes too, or -1. A pool without padding whose windows do not
// overlap always does. A direct convolution of one tap prepares what a tile reads, all channels, on
// the stack; where that is estimated to take less than a step of its own.
std::vector<NodeId> choose_prologues(const Graph& graph, const std::vector<Layout>& layouts,
                                     const Target& target);

}  // namespace cnnc
