// The geometry of two convolutions by one kernel, of the family conv_and_depthwise: the result of the first,
// the inner one, is read by a depthwise one alone and never stored as a whole. The kernel's window, epilogue
// and output are the depthwise one's (ConvParameters::inner).
#pragma once
#include "plan/kernel.h"

namespace cnnc {

// The inner convolution as a kernel of its own, conv_blocked; its output with as much of a halo as the
// depthwise one reads.
Kernel inner_conv(const Kernel& kernel);

// Rows of the inner convolution's result that so many rows of the depthwise one's are computed from.
int64_t inner_rows(const Kernel& kernel, int64_t rows);

// How many are kept while so many rows of the depthwise one's are computed: that, as a power of two.
int64_t kept_rows(const Kernel& kernel, int64_t rows);

// Bytes of these, of so many blocks of channels; and whether they fit on the stack.
int64_t kept_bytes(const Kernel& kernel, int64_t rows, int64_t blocks);
bool inner_fits_stack(const Kernel& kernel, int64_t rows, int64_t blocks);

}  // namespace cnnc
