// How a convolution by Winograd's transform of whole filters is computed: for a group of output channels at a
// time the filters are transformed into scratch memory. For each block of tiles all input channels are
// transformed into scratch memory too, once for all groups where there is one block; then for a few vectors
// of output channels at a time, each point is a matrix product of tiles and channels in register tiles, whose
// results stay on the stack until they are transformed back and stored. With a chunk there are no groups, and
// the filters are transformed on the stack, of few input channels at a time, just before they are used.
#pragma once
#include <Halide.h>

#include <string>

#include "plan/kernel.h"
#include "target/target.h"

namespace cnnc {

struct Winograd2dStages {
  Halide::Func rows, transformed;    // (lane, x | point x, point y, tile, plane of the input, block of tiles)
  Halide::Func filter_rows, filter;  // (lane, x | point x, point y, channel in its block, in_plane, plane)
  // (lane, tile, plane, point, block): in registers; and where they are kept. With a chunk, sums are kept.
  Halide::Func sums, products;
  Halide::Func columns, outputs;  // (lane, point x | x, y, tile, plane, block): of a tile of the result
  Halide::Func staged;  // (lane, tile, plane of the input, point, block), if multiply-adds take its elements
  Halide::Func result;  // stored by its update over `pixels`
  Halide::Func next;    // with a chunk: (line, point, plane, part), what is to be fetched of `weight`
  Halide::ImageParam weight;
  Halide::Var line, lane, x, y, tile, plane, in_plane, channel, point, block;
  Halide::RDom taps;    // input channel in its block, block of input channels
  Halide::RDom pixels;  // x and y in a tile, tile in its block, block
};
// Of all tiles in so many blocks, by kernel.schedule (plan/choose/space_conv_winograd_2d.cpp). Returns the
// Func that each thread computes once (ScheduledKernel::once), or nothing.
std::string schedule_conv_winograd_2d(const Winograd2dStages& stages, const Kernel& kernel,
                                      const Target& target, int blocks_of_tiles);

}  // namespace cnnc
