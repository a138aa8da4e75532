#include "kernels/activation.h"
#include "kernels/families.h"
#include "kernels/tensors.h"
#include "kernels/window.h"
#include "schedules/tasks.h"

namespace cnnc {

using Halide::Expr;

namespace {

struct Stages {
  Halide::Func sums, result;  // (lane, x, y, plane, image); sums: updated over `taps`
  Coordinates at;
  Halide::RDom taps;  // filter x, filter y
};

// Register tiles of `x` pixels, of which each filter row is unrolled unless it is long.
void schedule(const Stages& stages, const Kernel& kernel) {
  const int lanes = static_cast<int>(kernel.output.block);
  Halide::Func sums = stages.sums, result = stages.result;
  const Coordinates& at = stages.at;
  const Halide::RDom& r = stages.taps;
  Halide::Var xo("xo"), xi("xi");
  result
      .split(at.x, xo, xi, static_cast<int>(number(kernel.schedule, "x")), Halide::TailStrategy::ShiftInwards)
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

}  // namespace

// sums[c, x, y, b] = bias + Σ input[c, x·stride + k·dilation - pad, …] · weight[c, k, …]
ScheduledKernel conv_depthwise_u8(const Kernel& kernel, const Target&) {
  const KernelWindow w = window_of(kernel);
  const int64_t lanes = kernel.output.block, planes = kernel.output.planes();
  std::vector<Halide::ImageParam> inputs;
  for (size_t i = 0; i < kernel.inputs.size(); ++i) inputs.push_back(input_parameter(kernel, i));
  const Halide::ImageParam weight =
      constant_parameter("weight", {lanes, w.filter_width, w.filter_height, planes}, ElementType::int8);
  const Halide::ImageParam bias = constant_parameter("bias", {lanes, planes}, ElementType::int32),
                           scale = constant_parameter("scale", {lanes, planes});

  const Coordinates at;
  const Halide::RDom r(0, w.filter_width, 0, w.filter_height);
  Halide::Func sums("sums"), result("result");
  sums(at.lane, at.x, at.y, at.plane, at.image) = bias(at.lane, at.plane);
  const Expr element = inputs[0](at.lane, w.column(at.x, r.x), w.row(at.y, r.y), at.plane, at.image);
  sums(at.lane, at.x, at.y, at.plane, at.image) +=
      Halide::cast<int>(element) * Halide::cast<int>(weight(at.lane, r.x, r.y, at.plane));
  const Expr value =
      Halide::cast<float>(sums(at.lane, at.x, at.y, at.plane, at.image)) * scale(at.lane, at.plane);
  result(at.lane, at.x, at.y, at.plane, at.image) =
      apply_strictly(kernel, value, [&](int i) { return operand_at(kernel, inputs[i], at); });

  constrain_result(result, kernel);
  schedule({sums, result, at, r}, kernel);
  std::vector<Halide::Argument> arguments(inputs.begin(), inputs.end());
  arguments.insert(arguments.end(), {weight, bias, scale});
  ScheduledKernel scheduled{result, arguments};
  scheduled.has_dots = true;  // LLVM makes VPDPWSSD of a product and a sum
  return scheduled;
}

}  // namespace cnnc
