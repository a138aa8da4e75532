// How a convolution of bytes is computed: as conv_blocked is, of four input channels at a time.
#pragma once
#include <Halide.h>

#include <vector>

#include "plan/kernel.h"
#include "target/target.h"

namespace cnnc {

struct ConvU8Stages {
  Halide::Func sums;    // (lane, x, y, block, image), updated over `taps`
  Halide::Func result;  // the same with the epilogue
  Halide::ImageParam weight;
  Halide::Var lane, x, y, block, image;
  // One for each update of `sums`: input channel of four, four in its block, filter x, filter y, input block.
  std::vector<Halide::RDom> taps;
};

// By kernel.schedule (plan/choose/space_conv_u8.cpp).
void schedule_conv_u8(const ConvU8Stages& stages, const Kernel& kernel, const Target& target);

}  // namespace cnnc
