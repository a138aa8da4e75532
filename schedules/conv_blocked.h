// How a blocked convolution is computed: tiles of pixels × vectors of output channels held in registers, over
// which the products of one input channel and filter tap are added in turn.
#pragma once
#include <Halide.h>

#include <string>

#include "plan/plan.h"

namespace cnnc {

// The register tile: `x` pixels of `y` rows times `blocks` vectors of output channels.
struct ConvTile {
  int x = 1, y = 1, blocks = 1;
  // The order of the tile's products within an iteration: blocks innermost keeps one input element and all
  // weights in registers, pixels innermost one vector of weights.
  bool blocks_innermost = false;
};

// The analytic default: of the tiles that fit into the registers the one with the least estimated time, by
// vector instructions, loads, the latency of the accumulators, and what its tails compute twice.
ConvTile default_conv_tile(const Kernel& kernel, const Target& target);

// The parts of the algorithm that the schedule arranges.
struct ConvStages {
  Halide::Func sums;    // (lane, x, y, block), updated over `taps`
  Halide::Func result;  // the same with the epilogue
  Halide::Var lane, x, y, block, image;
  Halide::RDom taps;  // input channel in its block, filter x, filter y, input block
};
void schedule_conv_blocked(const ConvStages& stages, const Kernel& kernel, const ConvTile& tile);

}  // namespace cnnc
