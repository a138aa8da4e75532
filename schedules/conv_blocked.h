// How a blocked convolution is computed: tiles of pixels × vectors of output channels held in registers, over
// which the products of one input channel and filter tap are added in turn.
#pragma once
#include <Halide.h>

#include "plan/plan.h"

namespace cnnc {

// The parts of the algorithm that the schedule arranges.
struct ConvStages {
  Halide::Func sums;    // (lane, x, y, block), updated over `taps`
  Halide::Func result;  // the same with the epilogue
  Halide::Var lane, x, y, block, image;
  Halide::RDom taps;  // input channel in its block, filter x, filter y, input block
};
// By kernel.schedule (plan/space_conv_blocked.cpp).
void schedule_conv_blocked(const ConvStages& stages, const Kernel& kernel);

}  // namespace cnnc
