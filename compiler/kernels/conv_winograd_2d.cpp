#include "schedules/conv_winograd_2d.h"

#include "kernels/activation.h"
#include "kernels/families.h"
#include "kernels/tensors.h"
#include "kernels/window.h"
#include "kernels/winograd_transforms.h"

namespace cnnc {

using Halide::Expr;

namespace {

int size(int64_t n) {
  return static_cast<int>(n);
}

// Where the tiles of m x m pixels lie: row by row, image by image, the last of a row or column shifted to end
// where the result does. Numbers beyond the last tile are the last tile once more.
struct Tiles {
  int m, across, down, images, width, height;
  int count() const { return across * down * images; }
  Expr number(const Expr& n) const { return Halide::min(n, count() - 1); }
  Expr x(const Expr& n) const { return Halide::min(n % across * m, width - m); }
  Expr y(const Expr& n) const { return Halide::min(n / across % down * m, height - m); }
  Expr image(const Expr& n) const { return n / (across * down); }
};

Tiles tiles_of(const Layout& output, int m) {
  const int width = size(output.width), height = size(output.height);
  return {m, (width + m - 1) / m, (height + m - 1) / m, size(output.images), width, height};
}

}  // namespace

ScheduledKernel conv_winograd_2d(const Kernel& kernel, const Target& target) {
  const KernelWindow w = window_of(kernel);
  const int m = size(integer(kernel.attributes, "outputs"));
  const Winograd transforms = winograd(m, w.filter_height);
  const int n = transforms.points();
  const Tiles tiles = tiles_of(kernel.output, m);
  const int in_block = size(integer(kernel.attributes, "tiles"));
  const int blocks = (tiles.count() + in_block - 1) / in_block;
  const int64_t lanes = kernel.output.block, planes = kernel.output.planes();
  const int64_t input_block = kernel.inputs[0].block, input_planes = kernel.inputs[0].planes();
  const LayerTensors layer =
      layer_tensors(kernel, {lanes, input_block, 3, 3, input_planes, planes}, {lanes, planes});

  const Coordinates at;
  const Halide::Var tile("tile"), point("point"), block("block"), channel("channel"), in_plane("in_plane");
  const Halide::Var &x = at.x, &y = at.y, &lane = at.lane, &plane = at.plane;
  Halide::Func rows("rows"), transformed("transformed"), filter_rows("filter_rows"), filter("filter");
  Halide::Func sums("sums"), products("products"), columns("columns"), outputs("outputs"), result("result");

  // The input's transform: of the tile's columns, then of its rows.
  const Expr number = tiles.number(block * in_block + tile);
  std::vector<Expr> column, row;
  for (int k = 0; k < n; ++k)
    column.push_back(layer.inputs[0](lane, tiles.x(number) + x - w.pad_left, tiles.y(number) + k - w.pad_top,
                                     plane, tiles.image(number)));
  rows(lane, x, y, tile, plane, block) = Halide::mux(y, transform_input(transforms, column));
  for (int k = 0; k < n; ++k) row.push_back(rows(lane, k, y, tile, plane, block));
  transformed(lane, x, y, tile, plane, block) = Halide::mux(x, transform_input(transforms, row));

  // The filters', likewise.
  column.clear();
  row.clear();
  for (int k = 0; k < 3; ++k) column.push_back(layer.weight(lane, channel, x, k, in_plane, plane));
  filter_rows(lane, x, y, channel, in_plane, plane) = Halide::mux(y, transform_filter(transforms, column));
  for (int k = 0; k < 3; ++k) row.push_back(filter_rows(lane, k, y, channel, in_plane, plane));
  filter(lane, x, y, channel, in_plane, plane) = Halide::mux(x, transform_filter(transforms, row));

  // For each point a matrix product.
  const Halide::RDom taps(0, size(input_block), 0, size(input_planes));
  sums(lane, tile, plane, point, block) = 0.0f;
  sums(lane, tile, plane, point, block) += transformed(taps.x, point % n, point / n, tile, taps.y, block) *
                                           filter(lane, point % n, point / n, taps.x, taps.y, plane);
  products(lane, tile, plane, point, block) = sums(lane, tile, plane, point, block);

  // Back: columns, then rows.
  column.clear();
  row.clear();
  for (int k = 0; k < n; ++k) column.push_back(products(lane, tile, plane, k * n + x, block));
  columns(lane, x, y, tile, plane, block) = Halide::mux(y, transform_output(transforms, column));
  for (int k = 0; k < n; ++k) row.push_back(columns(lane, k, y, tile, plane, block));
  outputs(lane, x, y, tile, plane, block) = Halide::mux(x, transform_output(transforms, row));

  // A tile that overlaps its neighbour is stored after it, always.
  const Halide::RDom pixels(0, m, 0, m, 0, in_block, 0, blocks);
  const Expr stored = tiles.number(pixels.w * in_block + pixels.z);
  const Expr to_x = tiles.x(stored) + pixels.x, to_y = tiles.y(stored) + pixels.y,
             image = tiles.image(stored);
  Expr value = outputs(lane, pixels.x, pixels.y, pixels.z, plane, pixels.w);
  if (layer.has_bias) value += layer.bias(lane, plane);
  result(lane, x, y, plane, at.image) = Halide::undef<float>();
  result(lane, to_x, to_y, plane, image) =
      apply_epilogue(kernel, value, [&](int i) { return layer.inputs[i](lane, to_x, to_y, plane, image); });

  constrain_result(result, kernel);
  result.bound(lane, 0, size(lanes)).bound(plane, 0, size(planes));
  schedule_conv_winograd_2d(
      {rows, transformed, filter_rows, filter, sums,     products, columns, outputs, result, lane,
       x,    y,           tile,        plane,  in_plane, channel,  point,   block,   taps,   pixels},
      kernel, target, default_winograd_2d_tile(kernel, target));
  return {result, layer.arguments()};
}

}  // namespace cnnc
