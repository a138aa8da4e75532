#include "schedules/conv_blocked.h"

#include "kernels/activation.h"
#include "kernels/families.h"
#include "kernels/tensors.h"

namespace cnnc {

using Halide::Expr;

// sums[c, x, y, b] = bias + Σ input[i, x·stride + k·dilation - pad, …] · weight[c, i, k, …]
ScheduledKernel conv_blocked(const Kernel& kernel, const Target& target) {
  const auto &filter = sizes(kernel.attributes, "filter"), &stride = sizes(kernel.attributes, "stride"),
             &dilation = sizes(kernel.attributes, "dilation"), &pad = sizes(kernel.attributes, "pad");
  const int groups = static_cast<int>(integer(kernel.attributes, "groups"));
  const int64_t lanes = kernel.output.block, input_block = kernel.inputs[0].block;
  const int input_blocks = static_cast<int>(kernel.inputs[0].planes() / groups);
  const int output_blocks = static_cast<int>(kernel.output.planes() / groups);

  std::vector<Halide::ImageParam> inputs;
  for (size_t i = 0; i < kernel.inputs.size(); ++i) inputs.push_back(input_parameter(kernel, i));
  Halide::ImageParam weight = constant_parameter(
      "weight", {lanes, input_block, filter[1], filter[0], input_blocks, kernel.output.planes()});
  Halide::ImageParam bias = constant_parameter("bias", {lanes, kernel.output.planes()});
  const bool has_bias = kernel.constants.size() > 1;

  const Coordinates at;
  Halide::RDom r(0, static_cast<int>(input_block), 0, static_cast<int>(filter[1]), 0,
                 static_cast<int>(filter[0]), 0, input_blocks);
  const Expr x =
      at.x * static_cast<int>(stride[1]) + r.y * static_cast<int>(dilation[1]) - static_cast<int>(pad[2]);
  const Expr y =
      at.y * static_cast<int>(stride[0]) + r.z * static_cast<int>(dilation[0]) - static_cast<int>(pad[0]);
  const Expr first_block = groups == 1 ? Expr(0) : at.plane / output_blocks * input_blocks;
  Halide::Func sums("sums"), result("result");
  sums(at.lane, at.x, at.y, at.plane) = has_bias ? bias(at.lane, at.plane) : Expr(0.0f);
  sums(at.lane, at.x, at.y, at.plane) +=
      inputs[0](r.x, x, y, first_block + r.w) * weight(at.lane, r.x, r.y, r.z, r.w, at.plane);
  result(at.lane, at.x, at.y, at.plane) =
      apply_epilogue(kernel, sums(at.lane, at.x, at.y, at.plane),
                     [&](int i) { return inputs[i](at.lane, at.x, at.y, at.plane); });

  constrain_result(result, kernel);
  schedule_conv_blocked({sums, result, at.lane, at.x, at.y, at.plane, r}, default_conv_tile(kernel, target),
                        static_cast<int>(lanes));

  ScheduledKernel scheduled{result, {inputs.begin(), inputs.end()}};
  scheduled.arguments.push_back(weight);
  if (has_bias) scheduled.arguments.push_back(bias);
  return scheduled;
}

}  // namespace cnnc
