#include <algorithm>

#include "kernels/activation.h"
#include "kernels/families.h"
#include "kernels/tensors.h"

namespace cnnc {

using Halide::Expr;

ScheduledKernel conv_depthwise(const Kernel& kernel, const Target& target) {
  const auto &filter = sizes(kernel.attributes, "filter"), &stride = sizes(kernel.attributes, "stride"),
             &dilation = sizes(kernel.attributes, "dilation"), &pad = sizes(kernel.attributes, "pad");
  const int64_t lanes = kernel.output.block;
  std::vector<Halide::ImageParam> inputs;
  for (size_t i = 0; i < kernel.inputs.size(); ++i) inputs.push_back(input_parameter(kernel, i));
  Halide::ImageParam weight =
      constant_parameter("weight", {lanes, filter[1], filter[0], kernel.output.planes()});
  Halide::ImageParam bias = constant_parameter("bias", {lanes, kernel.output.planes()});
  const bool has_bias = kernel.constants.size() > 1;

  const Coordinates at;
  Halide::RDom r(0, static_cast<int>(filter[1]), 0, static_cast<int>(filter[0]));
  const Expr x =
      at.x * static_cast<int>(stride[1]) + r.x * static_cast<int>(dilation[1]) - static_cast<int>(pad[2]);
  const Expr y =
      at.y * static_cast<int>(stride[0]) + r.y * static_cast<int>(dilation[0]) - static_cast<int>(pad[0]);
  Halide::Func sums("sums"), result("result");
  sums(at.lane, at.x, at.y, at.plane) = has_bias ? bias(at.lane, at.plane) : Expr(0.0f);
  sums(at.lane, at.x, at.y, at.plane) +=
      inputs[0](at.lane, x, y, at.plane) * weight(at.lane, r.x, r.y, at.plane);
  result(at.lane, at.x, at.y, at.plane) =
      apply_epilogue(kernel, sums(at.lane, at.x, at.y, at.plane),
                     [&](int i) { return inputs[i](at.lane, at.x, at.y, at.plane); });

  constrain_result(result, kernel);
  // A row of independent sums hides the latency of each; the filter's vectors stay in registers where they
  // fit.
  const int tile = static_cast<int>(std::min<int64_t>(kernel.output.width, target.registers / 3));
  Halide::Var xo("xo"), xi("xi");
  result.split(at.x, xo, xi, tile, Halide::TailStrategy::ShiftInwards)
      .reorder(at.lane, xi, xo, at.y, at.plane)
      .vectorize(at.lane, static_cast<int>(lanes))
      .unroll(xi);
  sums.compute_at(result, xo)
      .store_in(Halide::MemoryType::Register)
      .bound_extent(at.lane, static_cast<int>(lanes))
      .vectorize(at.lane, static_cast<int>(lanes))
      .unroll(at.x);
  sums.update().reorder(at.lane, at.x, r.x, r.y).vectorize(at.lane, static_cast<int>(lanes)).unroll(at.x);
  if (filter[1] <= 7) sums.update().unroll(r.x);

  ScheduledKernel scheduled{result, {inputs.begin(), inputs.end()}};
  scheduled.arguments.push_back(weight);
  if (has_bias) scheduled.arguments.push_back(bias);
  return scheduled;
}

}  // namespace cnnc
