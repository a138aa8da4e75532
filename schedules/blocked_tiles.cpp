#include "schedules/blocked_tiles.h"

#include "schedules/tasks.h"

namespace cnnc {

TileLoops schedule_tiles(const BlockedResult& r, const Kernel& kernel, const BlockedTiling& tiling,
                         bool blocks_inside) {
  const auto size = [](int64_t n) { return static_cast<int>(n); };
  const auto tail = Halide::TailStrategy::ShiftInwards;
  const Halide::Var xo("xo"), yo("yo"), bo("bo"), xi("xi"), yi("yi"), bi("bi");
  Halide::Func result = r.result;
  result.split(r.x, xo, xi, size(tiling.x), tail)
      .split(r.y, yo, yi, size(tiling.y), tail)
      .split(r.block, bo, bi, size(tiling.blocks), tail)
      .vectorize(r.lane, size(kernel.output.block))
      .unroll(xi)
      .unroll(yi)
      .unroll(bi);
  if (blocks_inside)
    result.reorder(r.lane, xi, yi, bi, bo, xo, yo);
  else if (tiling.rows_outer)
    result.reorder(r.lane, xi, yi, bi, xo, bo, yo);
  else
    result.reorder(r.lane, xi, yi, bi, xo, yo, bo);
  // No two tasks store the same element.
  const bool rows_overlap = kernel.output.height % tiling.y != 0;
  schedule_tasks(result, kernel,
                 tiling.rows_outer ? Loops{yo, r.image}
                 : rows_overlap    ? Loops{bo, r.image}
                                   : Loops{yo, bo, r.image});
  return {xo, bo};
}

}  // namespace cnnc
