// How a convolution by Winograd's transform of its columns is computed: for each band of m rows of the result
// the input is transformed once; a register tile of n points × vectors is summed over channels and filter
// columns, and transformed to m rows of the result.
#pragma once
#include <Halide.h>

#include "plan/kernel.h"
#include "target/target.h"

namespace cnnc {

struct WinogradStages {
  Halide::Func transformed;  // (lane, x, point, band, plane of the input)
  Halide::Func sums;         // (lane, x, point, band, plane of the result), updated over `taps`
  Halide::Func result;       // (lane, x, row in its band, band, plane)
  Halide::Var lane, x, point, row, band, plane, image;
  Halide::RDom taps;  // input channel in its block, filter x, input block
};
// By kernel.schedule (plan/choose/space_conv_winograd.cpp).
void schedule_conv_winograd(const WinogradStages& stages, const Kernel& kernel, const Target& target);

}  // namespace cnnc
