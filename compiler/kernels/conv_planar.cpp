#include "schedules/conv_planar.h"

#include "kernels/activation.h"
#include "kernels/families.h"
#include "kernels/tensors.h"

namespace cnnc {

using Halide::Expr;

ScheduledKernel conv_planar(const Kernel& kernel, const Target& target) {
  const auto &filter = sizes(kernel.attributes, "filter"), &stride = sizes(kernel.attributes, "stride"),
             &dilation = sizes(kernel.attributes, "dilation"), &pad = sizes(kernel.attributes, "pad");
  const int64_t tile = integer(kernel.attributes, "tile");
  const int64_t tiles = (kernel.output.channels + tile - 1) / tile;

  Halide::ImageParam input = input_parameter(kernel, 0);
  Halide::ImageParam weight =
      constant_parameter("weight", {tile, filter[1], filter[0], kernel.inputs[0].channels, tiles});
  Halide::ImageParam bias = constant_parameter("bias", {tile * tiles});
  const bool has_bias = kernel.constants.size() > 1;

  const Coordinates at;
  Halide::RDom r(0, static_cast<int>(filter[1]), 0, static_cast<int>(filter[0]), 0,
                 static_cast<int>(kernel.inputs[0].channels));
  const Expr x =
      at.x * static_cast<int>(stride[1]) + r.x * static_cast<int>(dilation[1]) - static_cast<int>(pad[2]);
  const Expr y =
      at.y * static_cast<int>(stride[0]) + r.y * static_cast<int>(dilation[0]) - static_cast<int>(pad[0]);
  const int t = static_cast<int>(tile);
  Halide::Func sums("sums"), result("result");
  sums(at.lane, at.x, at.y, at.plane) = has_bias ? bias(at.plane) : Expr(0.0f);
  sums(at.lane, at.x, at.y, at.plane) +=
      input(0, x, y, r.z) * weight(at.plane % t, r.x, r.y, r.z, at.plane / t);
  result(at.lane, at.x, at.y, at.plane) =
      apply_epilogue(kernel, sums(at.lane, at.x, at.y, at.plane), nullptr);

  constrain_result(result, kernel);
  schedule_conv_planar({sums, result, at.lane, at.x, at.y, at.plane, r}, default_planar_tile(kernel, target));

  ScheduledKernel scheduled{result, {input, weight}};
  if (has_bias) scheduled.arguments.push_back(bias);
  return scheduled;
}

}  // namespace cnnc
