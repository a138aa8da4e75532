#include "schedules/conv_planar.h"

#include <algorithm>

#include "schedules/tasks.h"

namespace cnnc {

PlanarTile default_planar_tile(const Kernel& kernel, const Target& target) {
  PlanarTile tile;
  tile.lanes = largest_vector(target, kernel.output.width);
  tile.channels = static_cast<int>(integer(kernel.attributes, "tile"));
  const int accumulators = target.registers - target.registers / 4;
  const int64_t height = kernel.output.height;
  // Of the tiles that fit the one whose last rows are computed twice least often.
  int64_t least = INT64_MAX;
  for (int rows = 1; rows <= std::min<int64_t>(height, std::max(1, accumulators / tile.channels)); ++rows) {
    if (kernel.tasks > 1 && height % rows != 0) continue;  // tasks must not overlap
    const int64_t computed = (height + rows - 1) / rows * rows;
    if (computed <= least) {
      least = computed;
      tile.rows = rows;
    }
  }
  tile.unroll_filter = sizes(kernel.attributes, "filter")[1] <= 8;
  return tile;
}

void schedule_conv_planar(const PlanarStages& stages, const Kernel& kernel, const PlanarTile& tile) {
  const auto tail = Halide::TailStrategy::ShiftInwards;
  Halide::Func result = stages.result, sums = stages.sums;
  const Halide::Var &lane = stages.lane, &x = stages.x, &y = stages.y, &channel = stages.channel;
  Halide::Var xo("xo"), yo("yo"), co("co"), xi("xi"), yi("yi"), ci("ci");
  result.split(x, xo, xi, tile.lanes, tail)
      .split(y, yo, yi, tile.rows, tail)
      .split(channel, co, ci, tile.channels, tail)
      .reorder(xi, lane, yi, ci, xo, yo, co)
      .vectorize(xi)
      .unroll(yi)
      .unroll(ci);
  if (kernel.output.channels % tile.channels == 0)
    schedule_tasks(result, kernel, {yo, co, stages.image});
  else
    schedule_tasks(result, kernel, {yo});
  sums.compute_at(result, xo)
      .store_in(Halide::MemoryType::Register)
      .bound_extent(x, tile.lanes)
      .bound_extent(lane, 1)
      .vectorize(x, tile.lanes)
      .unroll(y)
      .unroll(channel);
  const Halide::RDom& r = stages.taps;
  Halide::Stage update = sums.update();
  update.reorder(x, lane, y, channel, r.x, r.y, r.z).vectorize(x, tile.lanes).unroll(y).unroll(channel);
  if (tile.unroll_filter) update.unroll(r.x);
}

}  // namespace cnnc
