#include "schedules/conv_and_depthwise.h"

#include "plan/inner_conv.h"
#include "plan/tilings.h"
#include "schedules/sizes.h"
#include "schedules/tasks.h"

namespace cnnc {

namespace {

using Stages = ConvAndDepthwiseStages;

using Tiling = ConvAndDepthwiseTiling;

// Of a small map's first convolution the weights are used for a few tiles only, so they are waited for,
// unless those of the next blocks, which lie behind them, are fetched into the second-level cache meanwhile:
// a tap's vectors in its iteration, in each tile again.
void prefetch_next_blocks(const Stages& s, const Kernel& kernel, const Tiling& t) {
  constexpr int64_t kMostTiles = 32;
  const Kernel inner = inner_conv(kernel);
  const int64_t tiles = inner.output.height * inner.output.width / t.inner_x;
  if (tiles > kMostTiles) return;
  const Layout& input = inner.inputs[0];
  const int64_t channels = t.blocks * input.planes() * input.block * conv_of(inner).window.taps();
  Halide::Func sums = s.inner_sums;
  sums.update().prefetch(s.inner_weight, s.taps[0].x, s.taps[0].x, static_cast<int>(channels),
                         Halide::PrefetchBoundStrategy::NonFaulting);
}

void schedule_expanded(const Stages& s, const Kernel& kernel, const Tiling& t, const Halide::LoopLevel& store,
                       const Halide::LoopLevel& where) {
  const int lanes = static_cast<int>(kernel.output.block), tile = size(t.inner_x);
  Halide::Func expanded = s.expanded, sums = s.inner_sums;
  expanded.store_at(store)
      .compute_at(where)
      .store_in(Halide::MemoryType::Stack)
      .fold_storage(s.y, static_cast<int>(kept_rows(kernel, t.y)))
      .bound_extent(s.lane, lanes)
      .vectorize(s.lane, lanes);
  const int columns = expanded.num_update_definitions() - 1;
  for (int i = 0; i < columns; ++i) expanded.update(i).vectorize(s.lane, lanes);
  const Halide::RVar outer("columns_outer"), inner("columns_inner");
  expanded.update(columns)
      .split(s.columns.x, outer, inner, tile)
      .reorder(s.lane, s.plane, inner, outer, s.y)
      .vectorize(s.lane, lanes)
      .unroll(inner)
      .unroll(s.plane);
  sums.compute_at(expanded, outer)
      .store_in(Halide::MemoryType::Register)
      .bound_extent(s.lane, lanes)
      .vectorize(s.lane, lanes)
      .unroll(s.x)
      .unroll(s.plane);
  for (size_t i = 0; i < s.taps.size(); ++i) {
    const Halide::RDom& r = s.taps[i];
    sums.update(static_cast<int>(i))
        .reorder(s.lane, s.plane, s.x, s.y, r.x, r.y, r.z, r.w)
        .vectorize(s.lane, lanes)
        .unroll(s.x)
        .unroll(s.plane);
    if (i >= s.pixels.size()) continue;
    sums.update(static_cast<int>(i)).unroll(r.x);
    Halide::Func pixels = s.pixels[i];
    pixels.compute_at(sums, r.y)
        .store_in(Halide::MemoryType::Register)
        .bound_extent(s.lane, static_cast<int>(kernel.inputs[0].block))
        .vectorize(s.lane)
        .unroll(s.x);
  }
  prefetch_next_blocks(s, kernel, t);
}

}  // namespace

void schedule_conv_and_depthwise(const Stages& s, const Kernel& kernel) {
  const Tiling t = conv_and_depthwise_tiling(kernel.schedule);
  const int lanes = static_cast<int>(kernel.output.block);
  const auto tail = Halide::TailStrategy::ShiftInwards;
  const Halide::Var xo("xo"), xi("xi"), yo("yo"), yi("yi"), po("po"), pi("pi"), band("band"), row("row");
  Halide::Func result = s.result, sums = s.sums;
  result.split(s.y, band, row, size(t.band))
      .split(row, yo, yi, size(t.y))
      .split(s.x, xo, xi, size(t.x), tail)
      .split(s.plane, po, pi, size(t.blocks))
      .reorder(s.lane, xi, yi, xo, pi, yo, po, band)
      .vectorize(s.lane, lanes)
      .unroll(xi)
      .unroll(yi);
  const Halide::Var outer = schedule_tasks(result, kernel, {po, band, s.image});
  schedule_expanded(s, kernel, t, {result, outer}, {result, yo});
  sums.compute_at(result, xo)
      .store_in(Halide::MemoryType::Register)
      .bound_extent(s.lane, lanes)
      .vectorize(s.lane, lanes)
      .unroll(s.x)
      .unroll(s.y)
      .update()
      .reorder(s.lane, s.x, s.y, s.filter.x, s.filter.y)
      .vectorize(s.lane, lanes)
      .unroll(s.x)
      .unroll(s.y)
      .unroll(s.filter.x);
}

}  // namespace cnnc
