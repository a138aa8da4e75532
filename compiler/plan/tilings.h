// The numbers of a schedule, by name, of the families that have several. What they mean, and which are worth
// a try, stands in plan/choose/space_FAMILY.cpp.
#pragma once
#include <cstdint>

#include "plan/kernel.h"
#include "plan/schedule.h"
#include "target/target.h"

namespace cnnc {

// conv_blocked
struct BlockedTiling {
  int64_t x = 1, y = 1, blocks = 1, chunk = 0;
  bool rows_outer = false;
  bool counts_pixels = false;  // through the map, by the `x` of a single row (plan/one_row.h)
};

// conv_planar
struct PlanarTiling {
  int64_t lanes = 1, rows = 1;
  bool unroll = false;
};

// conv_and_depthwise
struct ConvAndDepthwiseTiling {
  int64_t band = 1, blocks = 1, inner_x = 1, y = 1, x = 1;
};

// conv_winograd
struct ColumnsTiling {
  int64_t outputs = 4, channels = 1, x = 1;
};

// conv_winograd_2d, as a plan chooses it: F(outputs x outputs, 3 x 3) for `tiles` tiles of the result and
// `planes` blocks of its channels at a time.
// `chunk` 0: the filters of `parts` times so many channels are transformed into scratch memory, and used for
// all blocks of tiles. Else for each block of tiles anew, of so many blocks of input channels at a time, into
// the first-level cache; `parts` is then all of them.
struct Winograd2d {
  int64_t outputs = 4, tiles = 1, planes = 1, parts = 1, chunk = 0;
  int64_t points() const { return (outputs + 2) * (outputs + 2); }
};

// The same with its register tiles.
struct Winograd2dTiling : Winograd2d {
  int64_t x = 1, rows = 0;
};

// Whether a kernel's products are summed by dot products: of bytes, by whatever the target has for them, or
// of bfloat16, where that is an instruction.
bool sums_dots(const Kernel& kernel, const Target& target);

// Input channels that one dot product of conv_u8 or conv_bfloat16 sums: as many as 32 bits hold, of floats
// one.
int64_t channels_of_dot(const Kernel& kernel);

// Whether a convolution of bytes or bfloat16 fetches the weights of the output blocks that it computes next:
// where all rows use those of the same blocks, and all together are more than the first-level cache holds; by
// the next run other layers have taken their place in the second.
bool fetches_next_blocks(const Kernel& kernel, const Target& target);

// Whether the direct convolution loads the channels of a pixel as a vector, of which multiply-adds take the
// elements, instead of each element into all lanes.
bool stages_pixels(const Kernel& kernel, const Target& target);

// Sums of a register tile, at most; the others are for weights and elements of the input. Of conv_blocked a
// tile may have more: it is then cut along its rows.
int64_t most_sums(const Target& target);

// Registers of the machine that a tile of conv_blocked needs, of which `x` pixels of a row are summed at a
// time: for its sums and what they are made of. A multiply-add that cannot take an element of the input from
// memory for all its lanes needs it in a register, beside all weights, or one weight beside all elements;
// what is staged (stages_pixels) is there as long as the loop over channels takes.
int64_t registers_of(const BlockedTiling& tiling, int64_t x, bool is_staged, const Target& target);

// Pixels of a row in each piece of a tile of conv_blocked, the last of which may be smaller: all, or where
// these are more sums than there may be, those of the fewest pieces that fit the registers. Each piece has a
// loop over the products of its own.
int64_t piece_of(const BlockedTiling& tiling, bool is_staged, const Target& target);

// dense
struct DenseTiling {
  int64_t images = 1, ways = 1;
};

// Throw std::logic_error for a schedule that lacks a number.
BlockedTiling blocked_tiling(const Schedule& schedule);
BlockedTiling u8_tiling(const Schedule& schedule);  // of conv_u8, without chunks
PlanarTiling planar_tiling(const Schedule& schedule);
ConvAndDepthwiseTiling conv_and_depthwise_tiling(const Schedule& schedule);
ColumnsTiling columns_tiling(const Schedule& schedule);
Winograd2dTiling winograd_2d_tiling(const Schedule& schedule);
DenseTiling dense_tiling(const Schedule& schedule);

// The numbers with these names; 0 for those that the schedule lacks.
Winograd2d winograd_2d_of(const Schedule& schedule);
Schedule schedule_of(const Winograd2d& way);

}  // namespace cnnc
