// How a planar convolution is computed: vectors along the rows of the result, a register tile of rows ×
// channels.
#pragma once
#include <Halide.h>

#include "plan/plan.h"

namespace cnnc {

struct PlanarTile {
  int lanes = 8;  // pixels of a vector, at most the target's
  int rows = 1, channels = 1;
  bool unroll_filter = false;  // all taps of a filter row in one iteration
};

PlanarTile default_planar_tile(const Kernel& kernel, const Target& target);

struct PlanarStages {
  Halide::Func sums, result;
  Halide::Var lane, x, y, channel, image;
  Halide::RDom taps;  // filter x, filter y, input channel
};
void schedule_conv_planar(const PlanarStages& stages, const Kernel& kernel, const PlanarTile& tile);

}  // namespace cnnc
