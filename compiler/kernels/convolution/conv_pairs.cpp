#include "kernels/activation.h"
#include "kernels/families.h"
#include "kernels/tensors.h"
#include "kernels/window.h"
#include "plan/choose/pairs.h"
#include "schedules/tasks.h"

namespace cnnc {

using Halide::Expr;

namespace {

// Outputs are counted in halves of a vector: number `output` of half number `half`.
struct PairStages {
  Halide::Func sums;    // (parity, output, x, y, half, image), updated over `taps`
  Halide::Func result;  // (output, side, x, y, plane, image), side: of its block
  Halide::Var parity, output, side, x, y, half, plane, image;
  std::vector<Halide::RDom> taps;  // pair of input channels in its block, filter x, filter y, input block
};

// The sums of a few pixels, of all outputs, are in registers.
void schedule(PairStages s, const Kernel& kernel) {
  const int lanes = static_cast<int>(kernel.output.block);
  const int tile = static_cast<int>(number(kernel.schedule, "x"));
  const Halide::Var xo("xo"), xi("xi");
  s.result.bound(s.output, 0, lanes / 2)
      .bound(s.side, 0, 2)
      .bound(s.plane, 0, static_cast<int>(kernel.output.planes()))
      .split(s.x, xo, xi, tile, Halide::TailStrategy::ShiftInwards)
      .reorder(s.output, s.side, xi, s.plane, xo, s.y)
      .vectorize(s.output, lanes / 2)
      .unroll(s.side)
      .unroll(xi)
      .unroll(s.plane);
  schedule_tasks(s.result, kernel, {s.y, s.image});
  const auto in_registers = [&](Halide::Stage stage) {
    stage.vectorize(s.parity, 2).vectorize(s.output, lanes / 2).unroll(s.x).unroll(s.half);
  };
  s.sums.compute_at(s.result, xo)
      .store_in(Halide::MemoryType::Register)
      .bound_extent(s.parity, 2)
      .bound_extent(s.output, lanes / 2);
  in_registers(s.sums);
  for (size_t i = 0; i < s.taps.size(); ++i) {
    const Halide::RDom& r = s.taps[i];
    Halide::Stage add = s.sums.update(static_cast<int>(i));
    add.reorder(s.parity, s.output, s.half, s.x, r.x, r.y, r.z, r.w);
    in_registers(add);
  }
}

void constrain(Halide::Func result, const Kernel& kernel) {
  const Layout& out = kernel.output;
  const auto size = [](int64_t n) { return static_cast<int>(n); };
  Halide::OutputImageParam buffer = result.output_buffer();
  buffer.dim(0).set_stride(1).set_bounds(0, size(out.block / 2));
  buffer.dim(1).set_stride(size(out.block / 2)).set_bounds(0, 2);
  buffer.dim(2).set_stride(size(out.column_stride())).set_bounds(0, size(out.width));
  buffer.dim(3).set_stride(size(out.row_stride())).set_bounds(0, size(out.height));
  buffer.dim(4).set_stride(size(out.plane_stride())).set_bounds(0, size(out.planes()));
  buffer.dim(5).set_stride(size(out.image_stride())).set_bounds(0, size(out.images));
  buffer.set_host_alignment(size(kernel.alignments.back()));
}

}  // namespace

// sums[p, o] = Σ input[2i + p] · weight[2i + p, o]: a vector of them has half as many outputs as lanes, each
// twice, and is multiplied with two input channels, which lie next to each other.
ScheduledKernel conv_pairs(const Kernel& kernel, const Target&) {
  const KernelWindow w = window_of(kernel);
  const int lanes = static_cast<int>(kernel.output.block);
  const int halves = static_cast<int>(pairs_halves(kernel.output)),
            planes = static_cast<int>(kernel.inputs[0].planes());
  const LayerTensors layer =
      layer_tensors(kernel, {2, lanes / 2, lanes / 2, w.filter_width, w.filter_height, planes, halves},
                    {lanes / 2, halves});

  PairStages s;
  s.sums = Halide::Func("sums");
  s.result = Halide::Func("result");
  s.sums(s.parity, s.output, s.x, s.y, s.half, s.image) = 0.0f;
  for (const BlockRange& range : block_ranges(kernel.inputs[0])) {
    const Halide::RDom r(0, (range.channels + 1) / 2, 0, w.filter_width, 0, w.filter_height, 0, range.blocks);
    const Expr block = range.first_block + r.w;
    s.sums(s.parity, s.output, s.x, s.y, s.half, s.image) +=
        layer.inputs[0](2 * r.x + s.parity, w.column(s.x, r.y), w.row(s.y, r.z), block, s.image) *
        layer.weight(s.parity, s.output, r.x, r.y, r.z, block, s.half);
    s.taps.push_back(r);
  }
  const Expr half = Halide::min(2 * s.plane + s.side, halves - 1);
  // In this order, since LLVM makes a horizontal addition of two sums that stand together, which can read
  // half of AVX-512's registers only, and then keeps all sums there.
  const Expr sum = (s.sums(0, s.output, s.x, s.y, half, s.image) + layer.bias(s.output, half)) +
                   s.sums(1, s.output, s.x, s.y, half, s.image);
  const Expr value = apply_epilogue(kernel, sum, [&](int i) {
    return layer.inputs[i](s.side * (lanes / 2) + s.output, s.x, s.y, s.plane, s.image);
  });
  // What fills up the last block has to be a number.
  s.result(s.output, s.side, s.x, s.y, s.plane, s.image) =
      Halide::select(2 * s.plane + s.side < halves, value, Halide::cast(value.type(), 0));
  constrain(s.result, kernel);
  schedule(s, kernel);
  return {s.result, layer.arguments()};
}

}  // namespace cnnc
