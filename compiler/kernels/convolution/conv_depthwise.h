// The loops of depthwise convolutions, of floats and of bytes.
#pragma once
#include <Halide.h>

#include "kernels/tensors.h"
#include "plan/kernel.h"

namespace cnnc {

struct DepthwiseStages {
  Halide::Func sums, result;  // (lane, x, y, plane, image); sums: updated over `taps`
  Coordinates at;
  Halide::RDom taps;  // filter x, filter y
};

// By kernel.schedule (plan/choose/space_conv_depthwise.cpp): register tiles of `x` pixels, of which each
// filter row is unrolled unless it is long.
void schedule_conv_depthwise(const DepthwiseStages& stages, const Kernel& kernel);

}  // namespace cnnc
