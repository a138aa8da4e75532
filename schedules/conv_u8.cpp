#include "schedules/conv_u8.h"

#include "plan/tilings.h"
#include "schedules/tasks.h"

namespace cnnc {

namespace {

int size(int64_t n) {
  return static_cast<int>(n);
}

// The tile's sums in registers. The innermost loop over vectors of outputs keeps all weights and four bytes
// of the input, for all lanes, in registers. What is summed over the lanes of a vector is a dot product.
void schedule_sums(const ConvU8Stages& s, const Kernel& kernel, const Halide::LoopLevel& where) {
  const int lanes = size(kernel.output.block);
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
        .reorder(r.x, s.lane, s.block, s.x, s.y, r.y, r.z, r.w, r[4])
        .vectorize(s.lane, lanes)
        .unroll(s.x)
        .unroll(s.y)
        .unroll(s.block)
        .atomic()
        .vectorize(r.x);
  }
}

}  // namespace

void schedule_conv_u8(const ConvU8Stages& s, const Kernel& kernel, const Target&) {
  const BlockedTiling t = u8_tiling(kernel.schedule);
  const auto tail = Halide::TailStrategy::ShiftInwards;
  const Halide::Var xo("xo"), yo("yo"), bo("bo"), xi("xi"), yi("yi"), bi("bi");
  Halide::Func result = s.result;
  result.split(s.x, xo, xi, size(t.x), tail)
      .split(s.y, yo, yi, size(t.y), tail)
      .split(s.block, bo, bi, size(t.blocks), tail)
      .vectorize(s.lane, size(kernel.output.block))
      .unroll(xi)
      .unroll(yi)
      .unroll(bi);
  if (t.rows_outer)
    result.reorder(s.lane, xi, yi, bi, xo, bo, yo);
  else
    result.reorder(s.lane, xi, yi, bi, xo, yo, bo);
  // No two tasks store the same element.
  const bool rows_overlap = kernel.output.height % t.y != 0;
  schedule_tasks(result, kernel,
                 t.rows_outer   ? Loops{yo, s.image}
                 : rows_overlap ? Loops{bo, s.image}
                                : Loops{yo, bo, s.image});
  schedule_sums(s, kernel, {result, xo});
}

}  // namespace cnnc
