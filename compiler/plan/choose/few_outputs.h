// Convolutions with few output channels on a blocked input, of the family conv_few_outputs: vectors run along
// the input channels, since those along the output channels would be mostly padding. The result is blocked or
// planar.
#pragma once
#include "plan/layout.h"
#include "target/target.h"

namespace cnnc {

// Pixels of a row that are computed together, with all output channels; 0: these do not fit the registers. Of
// a planar result a power of two, a vector.
int64_t few_outputs_tile(const Layout& result, const Target& target);

// By an estimate, how many times as long conv_blocked takes for a convolution of one group; 0 where this
// family cannot be. `taps` of the filter.
double gain_of_few_outputs(const Layout& input, const Layout& result, int64_t taps, const Target& target);

}  // namespace cnnc
