#include "schedules/conv_winograd.h"

#include <algorithm>

#include "kernels/activation.h"
#include "kernels/convolution/winograd_transforms.h"
#include "kernels/families.h"
#include "kernels/tensors.h"
#include "kernels/window.h"
#include "plan/choose/choose_winograd.h"
#include "plan/tilings.h"

namespace cnnc {

using Halide::Expr;

namespace {

// The kernel's output with its rows seen as bands.
void constrain_bands(Halide::Func result, const Kernel& kernel, int rows, int bands, int distance) {
  const Layout& layout = kernel.output;
  Halide::OutputImageParam tensor = result.output_buffer();
  tensor.dim(0).set_bounds(0, size(layout.block)).set_stride(1);
  tensor.dim(1).set_bounds(0, size(layout.width)).set_stride(size(layout.block));
  tensor.dim(2).set_bounds(0, rows).set_stride(size(layout.row_stride()));
  tensor.dim(3).set_bounds(0, bands).set_stride(size(layout.row_stride()) * distance);
  tensor.dim(4).set_bounds(0, size(layout.planes())).set_stride(size(layout.plane_stride()));
  tensor.dim(5).set_bounds(0, size(layout.images)).set_stride(size(layout.image_stride()));
  tensor.set_host_alignment(size(kernel.alignments.back()));
}

}  // namespace

ScheduledKernel conv_winograd(const Kernel& kernel, const Target& target) {
  const KernelWindow w = window_of(kernel);
  const int m = size(columns_tiling(kernel.schedule).outputs);
  const Winograd transforms = winograd(m, w.filter_height);
  const int n = transforms.points();
  // Bands of m rows at equal distances, of which the last ends at the last row; they may overlap.
  const int bands = size(winograd_bands(kernel.output.height, m));
  const int distance = bands > 1 ? (size(kernel.output.height) - m) / (bands - 1) : 0;
  const bool planar = kernel.output.block == 1;
  const int64_t tile = planar ? conv_of(kernel).planar_tile : kernel.output.block;
  const int64_t tiles = (kernel.output.channels + tile - 1) / tile;
  const int64_t input_block = kernel.inputs[0].block, input_blocks = kernel.inputs[0].planes();

  const LayerTensors layer =
      layer_tensors(kernel, {tile, n, w.filter_width, input_block, input_blocks, tiles}, {tile, tiles});

  const Coordinates at;
  Halide::Var point("point"), row("row"), band("band");
  Halide::Func transformed("transformed"), sums("sums"), result("result");
  std::vector<Expr> column;
  for (int k = 0; k < n; ++k)
    column.push_back(
        layer.inputs[0](at.lane, at.x - w.pad_left, band * distance + k - w.pad_top, at.plane, at.image));
  transformed(at.lane, at.x, point, band, at.plane, at.image) =
      Halide::mux(point, transform_input(transforms, column));

  Halide::RDom r(0, size(input_block), 0, w.filter_width, 0, size(input_blocks));
  const Expr lane = planar ? at.plane % size(tile) : Expr(at.lane);
  const Expr group = planar ? at.plane / size(tile) : Expr(at.plane);
  sums(at.lane, at.x, point, band, at.plane, at.image) = 0.0f;
  sums(at.lane, at.x, point, band, at.plane, at.image) +=
      transformed(r.x, at.x + r.y, point, band, r.z, at.image) *
      layer.weight(lane, point, r.y, r.x, r.z, group);

  std::vector<Expr> points;
  for (int p = 0; p < n; ++p) points.push_back(sums(at.lane, at.x, p, band, at.plane, at.image));
  Expr value = Halide::mux(row, transform_output(transforms, points));
  if (layer.has_bias) value += layer.bias(lane, group);
  result(at.lane, at.x, row, band, at.plane, at.image) = apply_epilogue(kernel, value, [&](int i) {
    return layer.inputs[i](at.lane, at.x, band * distance + row, at.plane, at.image);
  });

  constrain_bands(result, kernel, m, bands, distance);
  schedule_conv_winograd({transformed, sums, result, at.lane, at.x, point, row, band, at.plane, at.image, r},
                         kernel, target);

  return {result, layer.arguments()};
}

}  // namespace cnnc
