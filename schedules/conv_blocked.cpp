#include "schedules/conv_blocked.h"

#include "schedules/tasks.h"

namespace cnnc {

void schedule_conv_blocked(const ConvStages& stages, const Kernel& kernel) {
  const auto chosen = [&](const char* name) { return static_cast<int>(number(kernel.schedule, name)); };
  const int lanes = static_cast<int>(kernel.output.block);
  const auto tail = Halide::TailStrategy::ShiftInwards;
  Halide::Func result = stages.result, sums = stages.sums;
  const Halide::Var &lane = stages.lane, &x = stages.x, &y = stages.y, &block = stages.block;
  Halide::Var xo("xo"), yo("yo"), bo("bo"), xi("xi"), yi("yi"), bi("bi");
  result.split(x, xo, xi, chosen("x"), tail)
      .split(y, yo, yi, chosen("y"), tail)
      .split(block, bo, bi, chosen("blocks"), tail)
      .reorder(lane, xi, yi, bi, xo, yo, bo)
      .vectorize(lane, lanes)
      .unroll(xi)
      .unroll(yi)
      .unroll(bi);
  schedule_tasks(result, kernel, {yo, bo, stages.image});
  sums.compute_at(result, xo)
      .store_in(Halide::MemoryType::Register)
      .bound_extent(lane, lanes)
      .vectorize(lane, lanes)
      .unroll(x)
      .unroll(y)
      .unroll(block);
  const Halide::RDom& r = stages.taps;
  Halide::Stage update = sums.update();
  if (chosen("blocks_innermost"))
    update.reorder(lane, block, x, y, r.x, r.y, r.z, r.w);
  else
    update.reorder(lane, x, y, block, r.x, r.y, r.z, r.w);
  update.vectorize(lane, lanes).unroll(x).unroll(y).unroll(block);
}

}  // namespace cnnc
