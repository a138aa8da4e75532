#include "schedules/conv_u8.h"

#include "plan/tilings.h"
#include "schedules/blocked_tiles.h"

namespace cnnc {

namespace {

// The tile's sums in registers. The innermost loop over vectors of outputs keeps all weights and four bytes
// of the input, for all lanes, in registers. What is summed over the lanes of a vector is a dot product.
void schedule_sums(const ConvU8Stages& s, const Kernel& kernel, const Halide::LoopLevel& where) {
  const int lanes = static_cast<int>(kernel.output.block);
  Halide::Func sums = s.sums;
  sums.compute_at(where)
      .store_in(Halide::MemoryType::Register)
      .bound_extent(s.lane, lanes)
      .vectorize(s.lane, lanes)
      .unroll(s.x)
      .unroll(s.y)
      .unroll(s.block);
  for (size_t i = 0; i < s.taps.size(); ++i) {
    const Halide::RDom& r = s.taps[i];
    sums.update(static_cast<int>(i))
        .reorder(r.x, s.lane, s.block, s.x, s.y, r.y, r.z, r.w, r[4])
        .vectorize(s.lane, lanes)
        .unroll(s.x)
        .unroll(s.y)
        .unroll(s.block)
        .atomic()
        .vectorize(r.x);
  }
}

// While the weights of a tile's output blocks are used, those of the next, which lie behind them, come into
// the second-level cache.
void fetch_next_blocks(const ConvU8Stages& s, const Kernel& kernel, const BlockedTiling& tiling) {
  const Layout& input = kernel.inputs[0];
  const int64_t of_block =
      input.planes() * input.block / channels_of_dot(kernel) * conv_of(kernel).window.taps();
  Halide::Func sums = s.sums;
  sums.update().prefetch(s.weight, s.taps[0].y, s.taps[0].y, static_cast<int>(tiling.blocks * of_block),
                         Halide::PrefetchBoundStrategy::NonFaulting);
}

}  // namespace

void schedule_conv_u8(const ConvU8Stages& s, const Kernel& kernel, const Target& target) {
  const BlockedTiling tiling = u8_tiling(kernel.schedule);
  const TileLoops loops = schedule_tiles({s.result, s.lane, s.x, s.y, s.block, s.image}, kernel, tiling);
  schedule_sums(s, kernel, {s.result, loops.x});
  if (fetches_next_blocks(kernel, target)) fetch_next_blocks(s, kernel, tiling);
}

}  // namespace cnnc
