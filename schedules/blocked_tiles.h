// The loops of a convolution on blocks of channels over the register tiles of its result.
#pragma once
#include <Halide.h>

#include "plan/kernel.h"
#include "plan/tilings.h"

namespace cnnc {

struct BlockedResult {
  Halide::Func result;  // (lane, x, y, block, image)
  Halide::Var lane, x, y, block, image;
};

struct TileLoops {
  Halide::Var x, block;  // over tiles of pixels of a row, and over those of output blocks
};

// Tiles of `x` pixels of `y` rows times `blocks` blocks, whose elements are unrolled; `blocks_inside`: the
// loop over output blocks stands inside of all those over pixels. Shares the outermost loops out.
TileLoops schedule_tiles(const BlockedResult& r, const Kernel& kernel, const BlockedTiling& tiling,
                         bool blocks_inside = false);

}  // namespace cnnc
