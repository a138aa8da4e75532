// How a blocked convolution is computed: tiles of pixels × vectors of output channels held in registers, over
// which the products of one input channel and filter tap are added in turn.
#pragma once
#include <Halide.h>

#include <vector>

#include "plan/kernel.h"
#include "target/target.h"

namespace cnnc {

// The parts of the algorithm that the schedule arranges.
struct ConvStages {
  Halide::Func prepared;  // of a prologue: (lane, x, y, block of the input, image)
  Halide::Func sums;      // (lane, x, y, block, image, part, tile), updated over `taps`
  Halide::Func total;   // of a schedule with a chunk: (lane, x, y, block, image, tile), updated over `parts`
  Halide::Func result;  // the same with the epilogue
  Halide::Func next;    // with a chunk: (line, block, …), of the weights of the next part
  Halide::ImageParam weight;
  Halide::Var lane, x, y, block, image, part;
  Halide::Var line;  // of the cache
  Halide::Var tile;  // of a row: with a chunk, where x counts the pixels of a tile; else there is one
  // One for each update of `sums`: input channel in its block, filter x, filter y, input block.
  std::vector<Halide::RDom> taps;
  Halide::RDom parts;                // of the input blocks
  std::vector<Halide::Func> pixels;  // one for each update, where its input elements are staged (tilings.h)
};

// By kernel.schedule (plan/choose/space_conv_blocked.cpp).
void schedule_conv_blocked(const ConvStages& stages, const Kernel& kernel, const Target& target);

}  // namespace cnnc
