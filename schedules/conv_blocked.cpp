#include "schedules/conv_blocked.h"

#include "plan/tilings.h"
#include "schedules/blocked_tiles.h"
#include "schedules/sizes.h"
#include "schedules/tasks.h"
#include "support/checked.h"

namespace cnnc {

namespace {

// The loops over what one product of every sum is of: the innermost one keeps in registers what the others
// use again, all weights and one element of the input, or all elements and one weight: whatever is fewer. A
// multiply-add that takes elements from memory needs none of these.
std::vector<Halide::VarOrRVar> loops_of_product(const ConvStages& s, const Halide::Var& x,
                                                bool keeps_weights) {
  if (keeps_weights) return {s.lane, s.block, x, s.y};
  return {s.lane, x, s.y, s.block};
}

// The tile's sums in registers, of one piece after the other.
void schedule_sums(const ConvStages& s, const Kernel& kernel, const Target& target,
                   const Halide::LoopLevel& where) {
  const int lanes = static_cast<int>(kernel.output.block);
  const BlockedTiling t = blocked_tiling(kernel.schedule);
  const Target vectors = with_vectors(target, lanes);
  const int64_t piece = piece_of(t, !s.pixels.empty(), vectors);
  const bool keeps_weights =
      target.folds_broadcast || !s.pixels.empty() || t.blocks * vectors.parts <= piece * t.y;
  const Halide::Var xp("xp"), xi("xi");
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
    Halide::Stage products = sums.update(static_cast<int>(i));
    std::vector<Halide::VarOrRVar> order = loops_of_product(s, piece < t.x ? xi : s.x, keeps_weights);
    for (const Halide::RVar& loop : {r.x, r.y, r.z, r.w}) order.emplace_back(loop);
    if (piece < t.x) {
      products.split(s.x, xp, xi, size(piece), Halide::TailStrategy::GuardWithIf).unroll(xp).unroll(xi);
      order.emplace_back(xp);
    } else {
      products.unroll(s.x);
    }
    products.reorder(order).vectorize(s.lane, lanes).unroll(s.y).unroll(s.block);
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

// While the weights of one part are used, those of the next are fetched into the second-level cache: some
// lines by each tile.
void prefetch_next_part(const ConvStages& s, const Halide::LoopLevel& tile) {
  Halide::Func next = s.next;
  next.compute_at(tile).store_in(Halide::MemoryType::Register);
  next.prefetch(s.weight, s.line, s.line, 0, Halide::PrefetchBoundStrategy::NonFaulting);
}

// A few output blocks at a time: of each part of the input blocks, whose weights stay in the first-level
// cache, all pixels; their totals are in memory until the last part.
void schedule_in_parts(const ConvStages& s, const Kernel& kernel, const Target& target) {
  const int lanes = static_cast<int>(kernel.output.block);
  const auto tail = Halide::TailStrategy::GuardWithIf;  // y divides; an update may not have another one
  const BlockedTiling t = blocked_tiling(kernel.schedule);
  const Halide::Var yo("yo"), bo("bo"), yi("yi"), bi("bi");
  Halide::Func result = s.result, total = s.total;
  // Blocks that are not there are computed, and not stored: no two tasks store the same element.
  result.split(s.block, bo, bi, size(t.blocks), tail)
      .reorder(s.lane, s.x, s.y, bi, bo)
      .vectorize(s.lane, lanes);
  const Halide::Var outer = schedule_tasks(result, kernel, {bo, s.image});
  // Halide takes large "stack" allocations from the heap, "register" ones never.
  total.compute_at(result, outer)
      .store_in(Halide::MemoryType::Register)
      .bound_extent(s.lane, lanes)
      .bound_extent(s.x, size(t.x))
      .bound_extent(s.block, size(t.blocks))
      .bound(s.tile, 0, static_cast<int>(ceil_div(kernel.output.width, t.x)))
      .reorder(s.lane, s.x, s.tile, s.y, s.block)
      .reorder_storage(s.lane, s.x, s.tile, s.y, s.block)
      .vectorize(s.lane, lanes);
  total.update()
      .split(s.y, yo, yi, size(t.y), tail)
      .reorder(s.lane, s.x, yi, s.block, s.tile, yo, s.parts)
      .vectorize(s.lane, lanes)
      .unroll(s.x)
      .unroll(yi)
      .unroll(s.block);
  schedule_sums(s, kernel, target, {total, s.tile});
  prefetch_next_part(s, {total, s.tile});
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

void schedule_conv_blocked(const ConvStages& s, const Kernel& kernel, const Target& target) {
  const BlockedTiling t = blocked_tiling(kernel.schedule);
  if (t.chunk > 0) return schedule_in_parts(s, kernel, target);
  const bool is_prepared = s.prepared.defined();
  const TileLoops loops =
      schedule_tiles({s.result, s.lane, s.x, s.y, s.block, s.image}, kernel, t, is_prepared);
  if (is_prepared) schedule_prologue(s, kernel, t, {s.result, loops.x});
  schedule_sums(s, kernel, target, {s.result, is_prepared ? loops.block : loops.x});
}

}  // namespace cnnc
