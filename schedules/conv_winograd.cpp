#include "schedules/conv_winograd.h"

#include <algorithm>

#include "schedules/tasks.h"

namespace cnnc {

namespace {

constexpr int64_t kEnoughTasks = 16;
constexpr int64_t kLeastChannels = 32;  // for which it pays to transform the input once more

bool bands_overlap(const Kernel& kernel) {
  const int64_t rows = integer(kernel.attributes, "points") - sizes(kernel.attributes, "filter")[0] + 1;
  return integer(kernel.attributes, "bands") * rows > kernel.output.height;
}

// How many tiles of channels stay together where their loop is split: all of them if there are tasks enough
// without, or if tiles overlap.
int tiles_together(const Kernel& kernel, const WinogradTile& tile) {
  const int64_t tiles = (kernel.output.planes() + tile.channels - 1) / tile.channels;
  if (kernel.output.planes() % tile.channels != 0) return static_cast<int>(tiles);
  const int64_t bands = bands_overlap(kernel) ? 1 : integer(kernel.attributes, "bands");
  const int64_t least = std::max<int64_t>(1, kLeastChannels / (kernel.output.block * tile.channels));
  int64_t together = tiles;
  for (int64_t n = tiles; n >= least && bands * kernel.output.images * (tiles / together) < kEnoughTasks; --n)
    if (tiles % n == 0) together = n;
  return static_cast<int>(together);
}

// The loop over bands, in which the input is transformed. Tasks are a band of the image for a part of the
// channels, or all bands if they overlap.
Halide::Var schedule_bands(const WinogradStages& s, const Kernel& kernel, const WinogradTile& tile,
                           const Halide::Var& tiles) {
  if (kernel.tasks <= 1) return s.band;
  Halide::Func result = s.result;
  const Halide::Var part("part"), rest("rest");
  result.split(tiles, part, rest, tiles_together(kernel, tile)).reorder(rest, s.band, part);
  if (!bands_overlap(kernel)) return schedule_tasks(result, kernel, {s.band, part, s.image});
  schedule_tasks(result, kernel, {part, s.image});
  return s.band;
}

}  // namespace

WinogradTile default_winograd_tile(const Kernel& kernel, const Target& target) {
  const int points = static_cast<int>(integer(kernel.attributes, "points"));
  const int most = std::max(1, (target.registers - target.registers / 4) / points);
  WinogradTile tile;
  if (kernel.output.block == 1) {
    tile.x = largest_vector(target, kernel.output.width);
    tile.channels = std::min(most, static_cast<int>(integer(kernel.attributes, "tile")));
    while (integer(kernel.attributes, "tile") % tile.channels != 0) --tile.channels;
  } else {
    // The widest tile of those that compute the fewest pixels twice.
    int64_t least = INT64_MAX;
    for (int x = 1; x <= std::min<int64_t>(most, kernel.output.width); ++x) {
      const int64_t computed = (kernel.output.width + x - 1) / x * x;
      if (computed > least) continue;
      least = computed;
      tile.x = x;
    }
  }
  return tile;
}

void schedule_conv_winograd(const WinogradStages& s, const Kernel& kernel, const Target& target,
                            const WinogradTile& tile) {
  const auto tail = Halide::TailStrategy::ShiftInwards;
  Halide::Func transformed = s.transformed, sums = s.sums, result = s.result;
  Halide::Var xo("xo"), xi("xi"), po("po"), pi("pi");
  const bool planar = kernel.output.block == 1;
  const int vector = planar ? tile.x : static_cast<int>(kernel.output.block);

  result.split(s.x, xo, xi, tile.x, tail).split(s.plane, po, pi, tile.channels, tail);
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
  transformed.compute_at(result, schedule_bands(s, kernel, tile, po)).store_in(Halide::MemoryType::Register);
  if (kernel.inputs[0].block == 1) {
    const int lanes = largest_vector(target, kernel.output.width + sizes(kernel.attributes, "filter")[1] - 1);
    transformed.reorder(s.x, s.point, s.lane, s.plane, s.band).vectorize(s.x, lanes, tail);
  } else {
    transformed.reorder(s.lane, s.point, s.x, s.plane, s.band)
        .vectorize(s.lane, static_cast<int>(kernel.inputs[0].block));
  }
  transformed.unroll(s.point);
}

}  // namespace cnnc
