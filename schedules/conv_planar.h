// How a planar convolution is computed: vectors along the rows of the result, a register tile of rows ×
// channels.
#pragma once
#include <Halide.h>

#include "plan/kernel.h"

namespace cnnc {

struct PlanarStages {
  Halide::Func sums, result;
  Halide::Var lane, x, y, channel, image;
  Halide::RDom taps;  // filter x, filter y, input channel
};
// By kernel.schedule (plan/choose/space_conv_planar.cpp).
void schedule_conv_planar(const PlanarStages& stages, const Kernel& kernel);

}  // namespace cnnc
