#include "schedules/conv_blocked.h"

#include "kernels/activation.h"
#include "kernels/families.h"
#include "kernels/tensors.h"
#include "kernels/window.h"

namespace cnnc {

using Halide::Expr;

// sums[c, x, y, b] = bias + Σ input[i, x·stride + k·dilation - pad, …] · weight[c, i, k, …]
ScheduledKernel conv_blocked(const Kernel& kernel, const Target&) {
  const KernelWindow w = window_of(kernel);
  const int groups = static_cast<int>(integer(kernel.attributes, "groups"));
  const int64_t lanes = kernel.output.block, input_block = kernel.inputs[0].block;
  const int input_blocks = static_cast<int>(kernel.inputs[0].planes() / groups);
  const int output_blocks = static_cast<int>(kernel.output.planes() / groups);

  const LayerTensors layer = layer_tensors(
      kernel, {lanes, input_block, w.filter_width, w.filter_height, input_blocks, kernel.output.planes()},
      {lanes, kernel.output.planes()});

  const Coordinates at;
  Halide::RDom r(0, static_cast<int>(input_block), 0, w.filter_width, 0, w.filter_height, 0, input_blocks);
  const Expr x = w.column(at.x, r.y), y = w.row(at.y, r.z);
  const Expr first_block = groups == 1 ? Expr(0) : at.plane / output_blocks * input_blocks;
  Halide::Func sums("sums"), result("result");
  sums(at.lane, at.x, at.y, at.plane, at.image) = layer.has_bias ? layer.bias(at.lane, at.plane) : Expr(0.0f);
  sums(at.lane, at.x, at.y, at.plane, at.image) += layer.inputs[0](r.x, x, y, first_block + r.w, at.image) *
                                                   layer.weight(at.lane, r.x, r.y, r.z, r.w, at.plane);
  result(at.lane, at.x, at.y, at.plane, at.image) =
      apply_epilogue(kernel, sums(at.lane, at.x, at.y, at.plane, at.image),
                     [&](int i) { return operand_at(kernel, layer.inputs[i], at); });

  constrain_result(result, kernel);
  schedule_conv_blocked({sums, result, at.lane, at.x, at.y, at.plane, at.image, r}, kernel);

  return {result, layer.arguments()};
}

}  // namespace cnnc
