// A batchnorm with its activations that one convolution or pool alone reads is not stored: the kernel of that
// computes it from what it reads, each element once. So of a kernel with the attribute "prologue" the first
// input is the batchnorm's, inner_epilogue its activations, and scale and shift, by channel, are its last two
// constants.
#pragma once
#include <vector>

#include "graph/graph.h"
#include "plan/layout.h"
#include "plan/plan.h"

namespace cnnc {

bool has_prologue(const Kernel& kernel);

// For the attributes of the kernel.
Attributes prologue_attributes();

// The constants of the kernel that are not the prologue's.
size_t own_constants(const Kernel& kernel);

// By node: the batchnorm that its kernel computes too, or -1. A pool without padding whose windows do not
// overlap always does. A direct convolution of one tap prepares what a tile reads, all channels, on
// the stack; where that is estimated to take less than a step of its own.
std::vector<NodeId> choose_prologues(const Graph& graph, const std::vector<Layout>& layouts,
                                     const Target& target);

}  // namespace cnnc
