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

}  // namespace

void schedule_conv_u8(const ConvU8Stages& s, const Kernel& kernel) {
  const TileLoops loops =
      schedule_tiles({s.result, s.lane, s.x, s.y, s.block, s.image}, kernel, u8_tiling(kernel.schedule));
  schedule_sums(s, kernel, {s.result, loops.x});
}

}  // namespace cnnc
