#include "schedules/conv_winograd.h"

#include <algorithm>

#include "plan/choose/choose_winograd.h"
#include "plan/tilings.h"
#include "schedules/tasks.h"

namespace cnnc {

namespace {

constexpr int64_t kEnoughTasks = 16;
constexpr int64_t kLeastChannels = 32;  // for which it pays to transform the input once more

int64_t bands_of(const Kernel& kernel) {
  return winograd_bands(kernel.output.height, columns_tiling(kernel.schedule).outputs);
}

bool bands_overlap(const Kernel& kernel) {
  return bands_of(kernel) * columns_tiling(kernel.schedule).outputs > kernel.output.height;
}

// How many tiles of channels stay together where their loop is split: all of them if there are tasks enough
// without, or if tiles overlap.
int tiles_together(const Kernel& kernel) {
  const int64_t channels = columns_tiling(kernel.schedule).channels;
  const int64_t tiles = (kernel.output.planes() + channels - 1) / channels;
  if (kernel.output.planes() % channels != 0) return static_cast<int>(tiles);
  const int64_t bands = bands_overlap(kernel) ? 1 : bands_of(kernel);
  const int64_t least = std::max<int64_t>(1, kLeastChannels / (kernel.output.block * channels));
  int64_t together = tiles;
  for (int64_t n = tiles; n >= least && bands * kernel.output.images * (tiles / together) < kEnoughTasks; --n)
    if (tiles % n == 0) together = n;
  return static_cast<int>(together);
}

// The loop over bands, in which the input is transformed. Tasks are a band of the image for a part of the
// channels, or all bands if they overlap.
Halide::Var schedule_bands(const WinogradStages& s, const Kernel& kernel, const Halide::Var& tiles) {
  if (kernel.tasks <= 1) return s.band;
  Halide::Func result = s.result;
  const Halide::Var part("part"), rest("rest");
  result.split(tiles, part, rest, tiles_together(kernel)).reorder(rest, s.band, part);
  if (!bands_overlap(kernel)) return schedule_tasks(result, kernel, {s.band, part, s.image});
  schedule_tasks(result, kernel, {part, s.image});
  return s.band;
}

}  // namespace

void schedule_conv_winograd(const WinogradStages& s, const Kernel& kernel, const Target& target) {
  const ColumnsTiling t = columns_tiling(kernel.schedule);
  const int x = static_cast<int>(t.x), channels = static_cast<int>(t.channels);
  const auto tail = Halide::TailStrategy::ShiftInwards;
  Halide::Func transformed = s.transformed, sums = s.sums, result = s.result;
  Halide::Var xo("xo"), xi("xi"), po("po"), pi("pi");
  const bool planar = kernel.output.block == 1;
  const int vector = planar ? x : static_cast<int>(kernel.output.block);

  result.split(s.x, xo, xi, x, tail).split(s.plane, po, pi, channels, tail);
  if (planar)
    result.reorder(xi, s.lane, s.row, pi, xo, po, s.band).vectorize(xi);
  else
    result.reorder(s.lane, xi, s.row, pi, xo, po, s.band).vectorize(s.lane, vector).unroll(xi);
  result.unroll(s.row).unroll(pi);

  sums.compute_at(result, xo).store_in(Halide::MemoryType::Register);
  Halide::Stage add = sums.update();
  if (planar) {
    sums.bound_extent(s.x, vector).bound_extent(s.lane, 1);
    sums.reorder(s.x, s.lane, s.plane, s.point).vectorize(s.x, vector);
    add.reorder(s.x, s.lane, s.plane, s.point, s.taps.x, s.taps.y, s.taps.z).vectorize(s.x, vector);
  } else {
    sums.bound_extent(s.lane, vector).vectorize(s.lane, vector).unroll(s.x);
    add.reorder(s.lane, s.x, s.point, s.plane, s.taps.x, s.taps.y, s.taps.z)
        .vectorize(s.lane, vector)
        .unroll(s.x);
  }
  sums.unroll(s.point).unroll(s.plane);
  add.unroll(s.point).unroll(s.plane);

  // Halide takes large "stack" allocations from the heap, "register" ones never.
  transformed.compute_at(result, schedule_bands(s, kernel, po)).store_in(Halide::MemoryType::Register);
  if (kernel.inputs[0].block == 1) {
    const int lanes = largest_vector(target, kernel.output.width + conv_of(kernel).window.width.filter - 1);
    transformed.reorder(s.x, s.point, s.lane, s.plane, s.band).vectorize(s.x, lanes, tail);
  } else {
    transformed.reorder(s.lane, s.point, s.x, s.plane, s.band)
        .vectorize(s.lane, static_cast<int>(kernel.inputs[0].block));
  }
  transformed.unroll(s.point);
}

}  // namespace cnnc
