#include "kernels/activation.h"
#include "kernels/convolution/conv_depthwise.h"
#include "kernels/families.h"
#include "kernels/tensors.h"
#include "kernels/window.h"

namespace cnnc {

using Halide::Expr;

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
  if (kernel.strategy.empty()) schedule_conv_depthwise({sums, result, at, r}, kernel);
  std::vector<Halide::Argument> arguments(inputs.begin(), inputs.end());
  arguments.insert(arguments.end(), {weight, bias, scale});
  ScheduledKernel scheduled{result, arguments};
  scheduled.has_dots = kernel.strategy.empty();  // LLVM makes VPDPWSSD of a product and a sum
  return scheduled;
}

}  // namespace cnnc
