// Which depthwise convolutions are computed with the convolution before them, by one kernel
// (plan/inner_conv.h).
#pragma once
#include <vector>

#include "graph/graph.h"
#include "plan/layout.h"
#include "target/target.h"

namespace cnnc {

// By node: the convolution that the kernel of this depthwise one computes too, or -1. Those whose result is
// too large to stay in a cache between two steps, or that are computed as fast in such a kernel.
std::vector<NodeId> choose_inner_convs(const Graph& graph, const std::vector<Layout>& layouts,
                                       const Target& target);

}  // namespace cnnc
