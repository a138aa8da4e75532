// Of convolutions of which half a vector, or one, is left over: how the kernel conv_pairs does it.
#pragma once
#include "plan/layout.h"
#include "target/target.h"

namespace cnnc {

// Halves of vectors that hold the outputs.
int64_t pairs_halves(const Layout& result);

// How many times faster than by conv_blocked a convolution of one group is estimated to be if each vector of
// weights has half as many outputs for two input channels; `taps` of the filter. 0 where it cannot be.
double gain_of_pairs(const Layout& input, const Layout& result, int64_t taps, const Target& target);

}  // namespace cnnc
