#include "schedules/conv_planar.h"

#include "kernels/activation.h"
#include "kernels/families.h"
#include "kernels/tensors.h"
#include "kernels/window.h"

namespace cnnc {

using Halide::Expr;

ScheduledKernel conv_planar(const Kernel& kernel, const Target&) {
  const KernelWindow w = window_of(kernel);
  const int64_t tile = conv_of(kernel).planar_tile;
  const int64_t tiles = (kernel.output.channels + tile - 1) / tile;

  const LayerTensors layer = layer_tensors(
      kernel, {tile, w.filter_width, w.filter_height, kernel.inputs[0].channels, tiles}, {tile * tiles});

  const Coordinates at;
  Halide::RDom r(0, w.filter_width, 0, w.filter_height, 0, static_cast<int>(kernel.inputs[0].channels));
  const Expr x = w.column(at.x, r.x), y = w.row(at.y, r.y);
  const int t = static_cast<int>(tile);
  Halide::Func sums("sums"), result("result");
  sums(at.lane, at.x, at.y, at.plane, at.image) = layer.has_bias ? layer.bias(at.plane) : Expr(0.0f);
  sums(at.lane, at.x, at.y, at.plane, at.image) +=
      layer.inputs[0](0, x, y, r.z, at.image) * layer.weight(at.plane % t, r.x, r.y, r.z, at.plane / t);
  result(at.lane, at.x, at.y, at.plane, at.image) =
      apply_epilogue(kernel, sums(at.lane, at.x, at.y, at.plane, at.image), nullptr);

  constrain_result(result, kernel);
  if (kernel.strategy.empty())
    schedule_conv_planar({sums, result, at.lane, at.x, at.y, at.plane, at.image, r}, kernel);

  return {result, layer.arguments()};
}

}  // namespace cnnc
