#include "schedules/conv_winograd_2d.h"

#include <algorithm>

#include "kernels/activation.h"
#include "kernels/convolution/winograd_transforms.h"
#include "kernels/families.h"
#include "kernels/halide_versions.h"
#include "kernels/tensors.h"
#include "kernels/window.h"
#include "plan/tilings.h"

namespace cnnc {

using Halide::Expr;

namespace {

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

using Transform = std::vector<Expr> (*)(const Winograd&, const std::vector<Expr>&);

// transform · square · transformᵀ: `columns`, then `both`, whose arguments are lane, x, y and so on.
// `element(k)` is row k of column x of the square, which has `size` rows and columns.
template <class Element>
void transform_both(Halide::Func& columns, Halide::Func& both, const std::vector<Halide::Var>& arguments,
                    const Winograd& w, Transform transform, int size, Element element) {
  std::vector<Expr> column, row;
  for (int k = 0; k < size; ++k) column.push_back(element(k));
  columns(arguments) = Halide::mux(arguments[2], transform(w, column));
  for (int k = 0; k < size; ++k) {
    std::vector<Expr> at(arguments.begin(), arguments.end());
    at[1] = k;
    row.push_back(columns(at));
  }
  both(arguments) = Halide::mux(arguments[1], transform(w, row));
}

// 0, by way of `next`, an element of each line of the cache in which the next part of the weights lies: a
// share of them for each point. The schedule fetches them; that they are not needed is seen by LLVM, but not
// by Halide, which drops what it can tell is multiplied by 0.
Expr fetched(const Kernel& kernel, const LayerTensors& layer, Halide::Func next, const Halide::Var& line,
             const Halide::Var& plane, const Halide::Var& point, const Halide::RDom& taps, int n) {
  const Winograd2dTiling tiling = winograd_2d_tiling(kernel.schedule);
  const int lanes = size(kernel.output.block), chunk = size(tiling.chunk), planes = size(tiling.planes);
  const int vectors = size(kernel.inputs[0].block) * 9 * chunk, per_line = std::max(1, 16 / lanes);
  const int lines = (vectors / per_line + n * n - 1) / (n * n);
  const Expr of_all = Halide::min(point * lines + line, (vectors - 1) / per_line);
  const Halide::Var part("part");
  // Those of the next part; behind the last, of the first of the next planes.
  const int parts = size(kernel.inputs[0].planes()) / chunk;
  const Expr of_part = (part + 1) % parts;
  const Expr of_plane = Halide::min(plane + (part + 1) / parts * planes, size(kernel.output.planes()) - 1);
  next(line, point, plane, part) =
      Halide::reinterpret<int>(layer.weight(0, of_part * vectors + of_all * per_line, 0, 0, 0, of_plane));
  return Halide::cast<float>(next(taps.x % lines, point, plane, taps.y / chunk) & ((point & 1) & 2));
}

}  // namespace

ScheduledKernel conv_winograd_2d(const Kernel& kernel, const Target& target) {
  const KernelWindow w = window_of(kernel);
  const Winograd2dTiling tiling = winograd_2d_tiling(kernel.schedule);
  const int m = size(tiling.outputs);
  const bool in_parts = tiling.chunk > 0;
  // In parts a filter is used by few tiles: what can be done to the input is done there.
  const Winograd transforms =
      in_parts ? with_plain_filters(winograd(m, w.filter_height)) : winograd(m, w.filter_height);
  const int n = transforms.points();
  const Tiles tiles = tiles_of(kernel.output, m);
  const int in_block = size(tiling.tiles);
  const int blocks = (tiles.count() + in_block - 1) / in_block;
  const int64_t lanes = kernel.output.block, planes = kernel.output.planes();
  const int64_t input_block = kernel.inputs[0].block, input_planes = kernel.inputs[0].planes();
  const LayerTensors layer =
      layer_tensors(kernel, {lanes, input_block, 3, 3, input_planes, planes}, {lanes, planes});

  const Coordinates at;
  const Halide::Var tile("tile"), point("point"), block("block"), channel("channel"), in_plane("in_plane");
  const Halide::Var &x = at.x, &y = at.y, &lane = at.lane, &plane = at.plane;
  Halide::Func rows("rows"), transformed("transformed"), filter_rows("filter_rows"), filter("filter");
  Halide::Func sums("sums"), products("products"), columns("columns"), outputs("outputs"), result("result"),
      next("next"), staged("staged");
  const Halide::Var line("line");

  const Expr number = tiles.number(block * in_block + tile);
  transform_both(rows, transformed, {lane, x, y, tile, plane, block}, transforms, transform_input, n,
                 [&](int k) {
                   return layer.inputs[0](lane, tiles.x(number) + x - w.pad_left,
                                          tiles.y(number) + k - w.pad_top, plane, tiles.image(number));
                 });
  transform_both(filter_rows, filter, {lane, x, y, channel, in_plane, plane}, transforms, transform_filter, 3,
                 [&](int k) { return layer.weight(lane, channel, x, k, in_plane, plane); });

  // For each point a matrix product.
  const Halide::RDom taps(0, size(input_block), 0, size(input_planes));
  if (target.takes_element)
    staged(lane, tile, in_plane, point, block) =
        transformed(lane, point % n, point / n, tile, in_plane, block);
  const Expr element = target.takes_element ? staged(taps.x, tile, taps.y, point, block)
                                            : transformed(taps.x, point % n, point / n, tile, taps.y, block);
  const Expr product = element * filter(lane, point % n, point / n, taps.x, taps.y, plane);
  sums(lane, tile, plane, point, block) = 0.0f;
  if (in_parts)
    sums(lane, tile, plane, point, block) +=
        product + fetched(kernel, layer, next, line, plane, point, taps, n);
  else
    sums(lane, tile, plane, point, block) += product;
  products(lane, tile, plane, point, block) = sums(lane, tile, plane, point, block);

  transform_both(columns, outputs, {lane, x, y, tile, plane, block}, transforms, transform_output, n,
                 [&](int k) { return (in_parts ? sums : products)(lane, tile, plane, k * n + x, block); });

  // A tile that overlaps its neighbour is stored after it, always.
  const Halide::RDom pixels(0, m, 0, m, 0, in_block, 0, blocks);
  const Expr stored = tiles.number(pixels.w * in_block + pixels.z);
  const Expr to_x = tiles.x(stored) + pixels.x, to_y = tiles.y(stored) + pixels.y,
             image = tiles.image(stored);
  Expr value = outputs(lane, pixels.x, pixels.y, pixels.z, plane, pixels.w);
  if (layer.has_bias) value += layer.bias(lane, plane);
  result(lane, x, y, plane, at.image) = Halide::undef(type_of(kernel.output.type));
  result(lane, to_x, to_y, plane, image) =
      apply_epilogue(kernel, value, [&](int i) { return layer.inputs[i](lane, to_x, to_y, plane, image); });

  constrain_result(result, kernel);
  result.bound(lane, 0, size(lanes)).bound(plane, 0, size(planes));
  const std::string once = schedule_conv_winograd_2d(
      {rows,   transformed, filter_rows, filter,       sums,  products, columns, outputs,
       staged, result,      next,        layer.weight, line,  lane,     x,       y,
       tile,   plane,       in_plane,    channel,      point, block,    taps,    pixels},
      kernel, target, blocks);
  // Prefetches in a loop come late, and layers that wait for their weights wait longer.
  if (!kUnrollsShortLoops && in_parts) next.unroll(line).unroll(plane);
  return {result, layer.arguments(), once};
}

}  // namespace cnnc
