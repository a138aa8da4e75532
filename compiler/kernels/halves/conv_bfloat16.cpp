#include "kernels/activation.h"
#include "kernels/families.h"
#include "kernels/tensors.h"
#include "kernels/window.h"
#include "schedules/conv_u8.h"
#include "support/checked.h"

namespace cnnc {

using Halide::Expr;

// sums[c, x, y, b] = bias + Σ input[2 i + j, x·stride + k·dilation - pad, …] · weight[j, c, i, k, …]
ScheduledKernel conv_bfloat16(const Kernel& kernel, const Target& target) {
  const KernelWindow w = window_of(kernel);
  const int64_t lanes = kernel.output.block, input_block = kernel.inputs[0].block;
  const int input_blocks = static_cast<int>(kernel.inputs[0].planes());
  std::vector<Halide::ImageParam> inputs;
  for (size_t i = 0; i < kernel.inputs.size(); ++i) inputs.push_back(input_parameter(kernel, i));
  const int64_t planes = kernel.output.planes();
  const Halide::ImageParam weight = constant_parameter(
      "weight",
      {kDotHalves, lanes, input_block / kDotHalves, w.filter_width, w.filter_height, input_blocks, planes},
      ElementType::bfloat16);
  const Halide::ImageParam bias = constant_parameter("bias", {lanes, planes});
  const bool has_bias = own_constants(kernel) > 1;

  // Halide finds the dot product in this form alone.
  const auto real = [](const Expr& stored) {
    return Halide::cast<float>(Halide::reinterpret(Halide::BFloat(16), stored));
  };
  const Coordinates at;
  Halide::Func sums("sums"), result("result");
  sums(at.lane, at.x, at.y, at.plane, at.image) = has_bias ? bias(at.lane, at.plane) : Expr(0.0f);
  std::vector<Halide::RDom> taps;
  for (const BlockRange& range : block_ranges(kernel.inputs[0])) {
    const int dots = static_cast<int>(ceil_div(range.channels, kDotHalves));
    const Halide::RDom r(0, kDotHalves, 0, dots, 0, w.filter_width, 0, w.filter_height, 0, range.blocks);
    const Expr block = range.first_block + r[4];
    const Expr element =
        inputs[0](r.y * kDotHalves + r.x, w.column(at.x, r.z), w.row(at.y, r.w), block, at.image);
    sums(at.lane, at.x, at.y, at.plane, at.image) +=
        real(element) * real(weight(r.x, at.lane, r.y, r.z, r.w, block, at.plane));
    taps.push_back(r);
  }
  result(at.lane, at.x, at.y, at.plane, at.image) =
      apply_epilogue(kernel, sums(at.lane, at.x, at.y, at.plane, at.image),
                     [&](int i) { return operand_at(kernel, inputs[i], at); });

  constrain_result(result, kernel);
  if (kernel.strategy.empty())
    schedule_conv_u8({sums, result, weight, at.lane, at.x, at.y, at.plane, at.image, taps}, kernel, target);
  std::vector<Halide::Argument> arguments(inputs.begin(), inputs.end());
  arguments.push_back(weight);
  if (has_bias) arguments.push_back(bias);
  ScheduledKernel scheduled{result, arguments};
  scheduled.has_dots = kernel.strategy.empty();
  return scheduled;
}

}  // namespace cnnc
