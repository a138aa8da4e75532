#include "schedules/conv_u8.h"

#include "kernels/activation.h"
#include "kernels/families.h"
#include "kernels/quantization.h"
#include "kernels/tensors.h"
#include "kernels/window.h"
#include "support/checked.h"

namespace cnnc {

using Halide::Expr;

// With bytes as dot products of the target take them (kernels/quantization.h):
//
// sums[c, x, y, b] = bias + Σ input[4 i + j, x·stride + k·dilation - pad, …] · weight[j, c, i, k, …]
ScheduledKernel conv_u8(const Kernel& kernel, const Target& target) {
  const KernelWindow w = window_of(kernel);
  const int groups = static_cast<int>(conv_of(kernel).groups);
  const int64_t lanes = kernel.output.block, input_block = kernel.inputs[0].block;
  const int input_blocks = static_cast<int>(kernel.inputs[0].planes() / groups);
  const int output_blocks = static_cast<int>(kernel.output.planes() / groups);
  const std::vector<BlockRange> ranges =
      groups > 1 ? std::vector<BlockRange>{{0, input_blocks, static_cast<int>(input_block)}}
                 : block_ranges(kernel.inputs[0]);

  std::vector<Halide::ImageParam> inputs;
  for (size_t i = 0; i < kernel.inputs.size(); ++i) inputs.push_back(input_parameter(kernel, i));
  const int64_t planes = kernel.output.planes();
  const Halide::ImageParam weight = constant_parameter(
      "weight",
      {kDotBytes, lanes, input_block / kDotBytes, w.filter_width, w.filter_height, input_blocks, planes},
      ElementType::int8);
  const Halide::ImageParam bias = constant_parameter("bias", {lanes, planes}, ElementType::int32),
                           scale = constant_parameter("scale", {lanes, planes});

  const Coordinates at;
  const Expr first_block = groups == 1 ? Expr(0) : at.plane / output_blocks * input_blocks;
  Halide::Func sums("sums"), result("result");
  sums(at.lane, at.x, at.y, at.plane, at.image) = bias(at.lane, at.plane);
  std::vector<Halide::RDom> taps;
  for (const BlockRange& range : ranges) {
    // Of a block what is multiplied, padding included, whose weights are 0.
    const int dots = static_cast<int>(ceil_div(range.channels, kDotBytes));
    const Halide::RDom r(0, kDotBytes, 0, dots, 0, w.filter_width, 0, w.filter_height, 0, range.blocks);
    const Expr block = range.first_block + r[4];
    const Expr element = inputs[0](r.y * kDotBytes + r.x, w.column(at.x, r.z), w.row(at.y, r.w),
                                   first_block + block, at.image);
    sums(at.lane, at.x, at.y, at.plane, at.image) +=
        Halide::cast<int>(for_dot_product(element, target)) *
        Halide::cast<int>(weight(r.x, at.lane, r.y, r.z, r.w, block, at.plane));
    taps.push_back(r);
  }
  const Expr value =
      Halide::cast<float>(sums(at.lane, at.x, at.y, at.plane, at.image)) * scale(at.lane, at.plane);
  result(at.lane, at.x, at.y, at.plane, at.image) =
      apply_strictly(kernel, value, [&](int i) { return operand_at(kernel, inputs[i], at); });

  constrain_result(result, kernel);
  if (kernel.strategy.empty())
    schedule_conv_u8({sums, result, weight, at.lane, at.x, at.y, at.plane, at.image, taps}, kernel, target);
  std::vector<Halide::Argument> arguments(inputs.begin(), inputs.end());
  arguments.insert(arguments.end(), {weight, bias, scale});
  ScheduledKernel scheduled{result, arguments};
  scheduled.has_dots = kernel.strategy.empty();
  return scheduled;
}

}  // namespace cnnc
