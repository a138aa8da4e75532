// How a convolution by Winograd's transform of its columns is computed: for each band of m rows of the result
// the input is transformed once; a register tile of n points × vectors is summed over channels and filter
// columns, and transformed to m rows of the result.
#pragma once
#include <Halide.h>

#include "plan/plan.h"

namespace cnnc {

struct WinogradTile {
  int x = 1;         // pixels; of a planar result: of one vector
  int channels = 1;  // of a planar result: channels; of a blocked one: vectors of channels
};

WinogradTile default_winograd_tile(const Kernel& kernel, const Target& target);

struct WinogradStages {
  Halide::Func transformed;  // (lane, x, point, band, plane of the input)
  Halide::Func sums;         // (lane, x, point, band, plane of the result), updated over `taps`
  Halide::Func result;       // (lane, x, row in its band, band, plane)
  Halide::Var lane, x, point, row, band, plane, image;
  Halide::RDom taps;  // input channel in its block, filter x, input block
};
void schedule_conv_winograd(const WinogradStages& stages, const Kernel& kernel, const Target& target,
                            const WinogradTile& tile);

}  // namespace cnnc
