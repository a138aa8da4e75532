#include "schedules/conv_planar.h"

#include "plan/tilings.h"
#include "schedules/tasks.h"

namespace cnnc {

void schedule_conv_planar(const PlanarStages& stages, const Kernel& kernel) {
  const PlanarTiling tiling = planar_tiling(kernel.schedule);
  const int lanes = static_cast<int>(tiling.lanes), rows = static_cast<int>(tiling.rows);
  const int channels = static_cast<int>(conv_of(kernel).planar_tile);
  const auto tail = Halide::TailStrategy::ShiftInwards;
  Halide::Func result = stages.result, sums = stages.sums;
  const Halide::Var &lane = stages.lane, &x = stages.x, &y = stages.y, &channel = stages.channel;
  Halide::Var xo("xo"), yo("yo"), co("co"), xi("xi"), yi("yi"), ci("ci");
  result.split(x, xo, xi, lanes, tail)
      .split(y, yo, yi, rows, tail)
      .split(channel, co, ci, channels, tail)
      .reorder(xi, lane, yi, ci, xo, yo, co)
      .vectorize(xi)
      .unroll(yi)
      .unroll(ci);
  if (kernel.output.channels % channels == 0)
    schedule_tasks(result, kernel, {yo, co, stages.image});
  else
    schedule_tasks(result, kernel, {yo});
  sums.compute_at(result, xo)
      .store_in(Halide::MemoryType::Register)
      .bound_extent(x, lanes)
      .bound_extent(lane, 1)
      .vectorize(x, lanes)
      .unroll(y)
      .unroll(channel);
  const Halide::RDom& r = stages.taps;
  Halide::Stage update = sums.update();
  update.reorder(x, lane, y, channel, r.x, r.y, r.z).vectorize(x, lanes).unroll(y).unroll(channel);
  if (tiling.unroll) update.unroll(r.x);
}

}  // namespace cnnc
