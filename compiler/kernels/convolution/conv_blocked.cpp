#include "schedules/conv_blocked.h"

#include "kernels/activation.h"
#include "kernels/families.h"
#include "kernels/prologue.h"
#include "kernels/tensors.h"
#include "kernels/window.h"
#include "plan/one_row.h"
#include "plan/tilings.h"
#include "support/checked.h"

namespace cnnc {

using Halide::Expr;

namespace {

// The register tiles of a row whose totals are in memory. The last one begins where it still fits, and so
// overlaps its neighbour; each has totals of its own.
struct RowTiles {
  int width, pixels;

  int count() const { return (width + pixels - 1) / pixels; }
  Expr begin(const Expr& tile) const {
    return width % pixels == 0 ? tile * pixels : Halide::min(tile * pixels, width - pixels);
  }
  // The tile with a pixel, and the pixel's number in it.
  Expr tile_of(const Expr& pixel) const {
    return Halide::unsafe_promise_clamped(pixel / pixels, 0, count() - 1);
  }
  Expr place_of(const Expr& pixel) const {
    return Halide::unsafe_promise_clamped(pixel - begin(tile_of(pixel)), 0, pixels - 1);
  }
};

// 0, by way of `next`, an element of each line of the cache in which the next part of the weights lies: a
// share of them for each tile. The schedule fetches them; that they are not needed is seen by LLVM, but not
// by Halide.
Expr fetched(const Kernel& kernel, const BlockedTiling& t, const LayerTensors& layer, Halide::Func next,
             const Halide::Var& line, int row_tiles, const Coordinates& at, const Halide::Var& tile,
             const Halide::RDom& parts) {
  const int64_t lanes = kernel.output.block, vectors_of_line = std::max<int64_t>(1, 16 / lanes);
  const int64_t vectors = kernel.inputs[0].block * conv_of(kernel).window.taps() * t.chunk;
  const int64_t lines = ceil_div(vectors, vectors_of_line), tiles = row_tiles * (kernel.output.height / t.y);
  const int64_t share = ceil_div(lines, tiles), count = kernel.inputs[0].planes() / t.chunk;
  const Halide::Var row("row"), part("part");
  const Expr of_part = (part + 1) % size(count);  // behind the last, the first of the next blocks
  const Expr of_block =
      Halide::min(at.plane + (part + 1) / size(count) * size(t.blocks), size(kernel.output.planes()) - 1);
  const Expr of_all = Halide::min((row * row_tiles + tile) * size(share) + line, size(lines) - 1);
  next(line, at.plane, tile, row, part) = Halide::reinterpret<int>(
      layer.weight(0, of_part * size(vectors) + of_all * size(vectors_of_line), 0, 0, 0, of_block));
  next.bound(line, 0, size(share));
  return Halide::cast<float>(next(0, at.plane, tile, at.y / size(t.y), parts) & (((parts.x + tile) & 1) & 2));
}

}  // namespace

// sums[c, x, y, b] = bias + Σ input[i, x·stride + k·dilation - pad, …] · weight[c, i, k, …]
// in one go or, where the schedule has a chunk, as the sum of the sums over so many input blocks each.
// Where the schedule counts pixels through the map, the sums are those of a single row (plan/one_row.h), from
// whose totals a result with a border takes its rows.
ScheduledKernel conv_blocked(const Kernel& given, const Target& target) {
  const BlockedTiling tiling = given.strategy.empty() ? blocked_tiling(given.schedule) : BlockedTiling{};
  const Kernel kernel = tiling.counts_pixels ? as_one_row(given) : given;
  const bool stores_rows = tiling.counts_pixels && !stores_counted_pixels(given);
  const Kernel& stored = stores_rows ? given : kernel;
  const KernelWindow w = window_of(kernel);
  const int groups = static_cast<int>(conv_of(kernel).groups);
  const int64_t lanes = kernel.output.block, input_block = kernel.inputs[0].block;
  const int input_blocks = static_cast<int>(kernel.inputs[0].planes() / groups);
  const int output_blocks = static_cast<int>(kernel.output.planes() / groups);
  const int chunk = size(tiling.chunk);
  const int summed_blocks = chunk > 0 ? chunk : input_blocks;
  const std::vector<BlockRange> ranges =
      chunk > 0 || groups > 1 ? std::vector<BlockRange>{{0, summed_blocks, static_cast<int>(input_block)}}
                              : block_ranges(kernel.inputs[0]);

  LayerTensors layer = layer_tensors(
      stored, {lanes, input_block, w.filter_width, w.filter_height, input_blocks, kernel.output.planes()},
      {lanes, kernel.output.planes()});
  layer.inputs[0] = input_parameter(kernel, 0);

  const Coordinates at;
  const Halide::Var part("part"), tile("tile"), line("line");
  const RowTiles tiles{size(kernel.output.width), size(tiling.x)};
  const Expr first_column = chunk > 0 ? tiles.begin(tile) : Expr(0);
  const Halide::RDom parts(0, input_blocks / summed_blocks, "parts");
  const Expr first_block = groups == 1 ? Expr(0) : at.plane / output_blocks * input_blocks;
  // The last parts of a tile's blocks may be none: what is computed for these is not stored.
  const bool overhangs = chunk > 0 && output_blocks % tiling.blocks != 0;
  const Expr of_weights = overhangs ? Halide::min(at.plane, output_blocks - 1) : Expr(at.plane);
  const Expr start = layer.has_bias ? layer.bias(at.lane, of_weights) : Expr(0.0f);
  Halide::Func prepared("prepared"), sums("sums"), total("total"), next("next"), result("result");
  const Prologue prologue = prologue_of(kernel);
  if (prologue.exists)  // of a filter with one tap
    prepared(at.lane, at.x, at.y, at.plane, at.image) =
        prologue(kernel, layer.inputs[0](at.lane, w.column(at.x, 0), w.row(at.y, 0), at.plane, at.image), at);
  sums(at.lane, at.x, at.y, at.plane, at.image, part, tile) = chunk > 0 ? Expr(0.0f) : start;
  std::vector<Halide::RDom> taps;
  std::vector<Halide::Func> pixels;
  const Halide::Var tap_x("tap_x"), tap_y("tap_y");
  for (const BlockRange& range : ranges) {
    const Halide::RDom r(0, range.channels, 0, w.filter_width, 0, w.filter_height, 0, range.blocks);
    const Expr block = part * summed_blocks + range.first_block + r.w;
    const auto input = [&](const Expr& lane, const Expr& tap_column, const Expr& tap_row, const Expr& plane) {
      return prologue.exists ? prepared(lane, at.x, at.y, plane, at.image)
                             : layer.inputs[0](lane, w.column(first_column + at.x, tap_column),
                                               w.row(at.y, tap_row), plane, at.image);
    };
    Expr element = input(r.x, r.y, r.z, first_block + block);
    if (kernel.strategy.empty() && stages_pixels(kernel, target)) {
      pixels.emplace_back("pixels");
      pixels.back()(at.lane, at.x, at.y, tap_x, tap_y, at.plane, at.image, tile) =
          input(at.lane, tap_x, tap_y, at.plane);
      element = pixels.back()(r.x, at.x, at.y, r.y, r.z, block, at.image, tile);
    }
    sums(at.lane, at.x, at.y, at.plane, at.image, part, tile) +=
        element * layer.weight(at.lane, r.x, r.y, r.z, block, of_weights);
    taps.push_back(r);
  }
  Expr sum = sums(at.lane, at.x, at.y, at.plane, at.image, 0, 0);
  if (chunk > 0) {
    total(at.lane, at.x, at.y, at.plane, at.image, tile) = start;
    total(at.lane, at.x, at.y, at.plane, at.image, tile) +=
        sums(at.lane, at.x, at.y, at.plane, at.image, parts, tile) +
        fetched(kernel, tiling, layer, next, line, tiles.count(), at, tile, parts);
    const Expr pixel = stores_rows ? at.y * size(given.output.width) + at.x : Expr(at.x);
    const Expr row = stores_rows ? Expr(0) : Expr(at.y);
    sum = total(at.lane, tiles.place_of(pixel), row, at.plane, at.image, tiles.tile_of(pixel));
  }
  result(at.lane, at.x, at.y, at.plane, at.image) =
      apply_epilogue(stored, sum, [&](int i) { return operand_at(stored, layer.inputs[i], at); });

  constrain_result(result, stored);
  if (kernel.strategy.empty())
    schedule_conv_blocked({prepared, sums, total, result, next, layer.weight, at.lane, at.x, at.y, at.plane,
                           at.image, part, line, tile, taps, parts, pixels},
                          kernel, target);

  std::vector<Halide::Argument> arguments = layer.arguments();
  prologue.add_to(arguments);
  return {result, arguments};
}

}  // namespace cnnc
