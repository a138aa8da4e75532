#include "schedules/conv_winograd.h"

#include <algorithm>

namespace cnnc {

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
  transformed.compute_at(result, s.band).store_in(Halide::MemoryType::Register);
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
