// Two convolutions by one kernel, of the family conv_and_depthwise: the result of the first, the inner one,
// is read by a depthwise one alone and never stored as a whole. The kernel's attributes, epilogue and output
// are the depthwise one's; the inner one's are attributes that begin with "inner_", and the inner_epilogue.
#pragma once
#include <vector>

#include "graph/graph.h"
#include "plan/layout.h"
#include "plan/plan.h"

namespace cnnc {

bool has_inner_conv(const Kernel& kernel);

// The inner convolution as a kernel of its own, conv_blocked; its output with as much of a halo as the
// depthwise one reads.
Kernel inner_conv(const Kernel& kernel);

// Of the inner convolution's result, for the attributes of the kernel: its window, height and width.
Attributes inner_attributes(const Attributes& window, const Layout& map);

// Rows of the inner convolution's result that so many rows of the depthwise one's are computed from.
int64_t inner_rows(const Kernel& kernel, int64_t rows);

// How many are kept while so many rows of the depthwise one's are computed: that, as a power of two.
int64_t kept_rows(const Kernel& kernel, int64_t rows);

// Bytes of these, of so many blocks of channels; and whether they fit on the stack.
int64_t kept_bytes(const Kernel& kernel, int64_t rows, int64_t blocks);
bool inner_fits_stack(const Kernel& kernel, int64_t rows, int64_t blocks);

// By node: the convolution that the kernel of this depthwise one computes too, or -1. Those whose result is
// too large to stay in a cache between two steps, or that are computed as fast in such a kernel.
std::vector<NodeId> choose_inner_convs(const Graph& graph, const std::vector<Layout>& layouts,
                                       const Target& target);

}  // namespace cnnc
