#include "schedules/conv_blocked.h"

#include "plan/tilings.h"
#include "schedules/blocked_tiles.h"
#include "schedules/sizes.h"
#include "schedules/tasks.h"

namespace cnnc {

namespace {

// The tile's sums in registers. The innermost loop over vectors of outputs keeps all weights and one element
// of the input in registers.
void schedule_sums(const ConvStages& s, const Kernel& kernel, const Halide::LoopLevel& where) {
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
        .reorder(s.lane, s.block, s.x, s.y, r.x, r.y, r.z, r.w)
        .vectorize(s.lane, lanes)
        .unroll(s.x)
        .unroll(s.y)
        .unroll(s.block);
    if (i >= s.pixels.size()) continue;
    // Of each pixel all channels of a block at once, for one filter tap; what is loaded stays in registers
    // since the loop over channels is unrolled.
    sums.update(static_cast<int>(i)).unroll(r.x);
    Halide::Func pixels = s.pixels[i];
    pixels.compute_at(sums, r.y)
        .store_in(Halide::MemoryType::Register)
        .bound_extent(s.lane, static_cast<int>(kernel.inputs[0].block))
        .vectorize(s.lane)
        .unroll(s.x)
        .unroll(s.y);
  }
}

// While the weights of one part are used, those of the next, which lie behind them, are fetched into the
// second-level cache: a tap's vectors in its iteration.
void prefetch_next_part(const ConvStages& s, const Kernel& kernel, int64_t chunk) {
  const int64_t channels = kernel.inputs[0].block * conv_of(kernel).window.taps() * chunk;
  Halide::Func sums = s.sums;
  sums.update().prefetch(s.weight, s.taps[0].x, s.taps[0].x, static_cast<int>(channels),
                         Halide::PrefetchBoundStrategy::NonFaulting);
}

// A few output blocks at a time: of each part of the input blocks, whose weights stay in the first-level
// cache, all pixels; their totals are in memory until the last part.
void schedule_in_parts(const ConvStages& s, const Kernel& kernel, const BlockedTiling& t) {
  const int lanes = static_cast<int>(kernel.output.block);
  const auto tail = Halide::TailStrategy::GuardWithIf;  // x and y divide; an update may not have another one
  const Halide::Var xo("xo"), yo("yo"), bo("bo"), xi("xi"), yi("yi"), bi("bi");
  Halide::Func result = s.result, total = s.total;
  result.split(s.block, bo, bi, size(t.blocks)).reorder(s.lane, s.x, s.y, bi, bo).vectorize(s.lane, lanes);
  const Halide::Var outer = schedule_tasks(result, kernel, {bo, s.image});
  // Halide takes large "stack" allocations from the heap, "register" ones never.
  total.compute_at(result, outer)
      .store_in(Halide::MemoryType::Register)
      .bound_extent(s.lane, lanes)
      .vectorize(s.lane, lanes);
  total.update()
      .split(s.x, xo, xi, size(t.x), tail)
      .split(s.y, yo, yi, size(t.y), tail)
      .reorder(s.lane, xi, yi, s.block, xo, yo, s.parts)
      .vectorize(s.lane, lanes)
      .unroll(xi)
      .unroll(yi)
      .unroll(s.block);
  schedule_sums(s, kernel, {total, xo});
  prefetch_next_part(s, kernel, t.chunk);
}

// What a tile reads, all channels, once for all blocks of outputs.
void schedule_prologue(const ConvStages& s, const Kernel& kernel, const BlockedTiling& t,
                       const Halide::LoopLevel& where) {
  const Layout& input = kernel.inputs[0];
  const int lanes = static_cast<int>(input.block);
  Halide::Func prepared = s.prepared;
  prepared.compute_at(where)
      .store_in(Halide::MemoryType::Register)  // which is the stack
      .bound_extent(s.lane, lanes)
      .bound_extent(s.x, size(t.x))
      .bound_extent(s.y, size(t.y))
      .bound(s.block, 0, static_cast<int>(input.planes()))
      .reorder(s.lane, s.x, s.y, s.block)
      .vectorize(s.lane, lanes);
}

}  // namespace

void schedule_conv_blocked(const ConvStages& s, const Kernel& kernel) {
  const BlockedTiling t = blocked_tiling(kernel.schedule);
  if (t.chunk > 0) return schedule_in_parts(s, kernel, t);
  const bool is_prepared = s.prepared.defined();
  const TileLoops loops =
      schedule_tiles({s.result, s.lane, s.x, s.y, s.block, s.image}, kernel, t, is_prepared);
  if (is_prepared) schedule_prologue(s, kernel, t, {s.result, loops.x});
  schedule_sums(s, kernel, {s.result, is_prepared ? loops.block : loops.x});
}

}  // namespace cnnc
