#include "kernels/convolution/conv_depthwise.h"

#include "kernels/activation.h"
#include "kernels/families.h"
#include "kernels/window.h"
#include "schedules/tasks.h"

namespace cnnc {

using Halide::Expr;

void schedule_conv_depthwise(const DepthwiseStages& stages, const Kernel& kernel) {
  const int lanes = static_cast<int>(kernel.output.block);
  Halide::Func sums = stages.sums, result = stages.result;
  const Coordinates& at = stages.at;
  const Halide::RDom& r = stages.taps;
  const int tile = static_cast<int>(number(kernel.schedule, "x"));
  Halide::Var xo("xo"), xi("xi");
  result.split(at.x, xo, xi, tile, Halide::TailStrategy::ShiftInwards)
      .reorder(at.lane, xi, xo, at.y, at.plane)
      .vectorize(at.lane, lanes)
      .unroll(xi);
  schedule_tasks(result, kernel, {at.y, at.plane, at.image});
  sums.compute_at(result, xo)
      .store_in(Halide::MemoryType::Register)
      .bound_extent(at.lane, lanes)
      .vectorize(at.lane, lanes)
      .unroll(at.x);
  sums.update().reorder(at.lane, at.x, r.x, r.y).vectorize(at.lane, lanes).unroll(at.x);
  if (conv_of(kernel).window.width.filter <= 7) sums.update().unroll(r.x);
}

ScheduledKernel conv_depthwise(const Kernel& kernel, const Target&) {
  const KernelWindow w = window_of(kernel);
  const int64_t lanes = kernel.output.block;
  const LayerTensors layer =
      layer_tensors(kernel, {lanes, w.filter_width, w.filter_height, kernel.output.planes()},
                    {lanes, kernel.output.planes()});

  const Coordinates at;
  Halide::RDom r(0, w.filter_width, 0, w.filter_height);
  const Expr x = w.column(at.x, r.x), y = w.row(at.y, r.y);
  Halide::Func sums("sums"), result("result");
  sums(at.lane, at.x, at.y, at.plane, at.image) = layer.has_bias ? layer.bias(at.lane, at.plane) : Expr(0.0f);
  sums(at.lane, at.x, at.y, at.plane, at.image) +=
      layer.inputs[0](at.lane, x, y, at.plane, at.image) * layer.weight(at.lane, r.x, r.y, at.plane);
  result(at.lane, at.x, at.y, at.plane, at.image) =
      apply_epilogue(kernel, sums(at.lane, at.x, at.y, at.plane, at.image),
                     [&](int i) { return operand_at(kernel, layer.inputs[i], at); });

  constrain_result(result, kernel);
  if (kernel.strategy.empty()) schedule_conv_depthwise({sums, result, at, r}, kernel);

  return {result, layer.arguments()};
}

}  // namespace cnnc
