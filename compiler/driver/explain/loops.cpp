#include "driver/explain/loops.h"

#include <fmt/format.h>

#include "driver/console/numbers.h"
#include "plan/choose/choose_winograd.h"
#include "plan/choose/pairs.h"
#include "plan/inner_conv.h"
#include "plan/tilings.h"
#include "support/checked.h"

namespace cnnc {
namespace {

// "for each of 8 blocks of 16 channels", "for each 2 of 8 blocks of 16 channels", "for all 8 blocks"; ""
// where there is but one.
std::string for_each(int64_t step, int64_t all, const std::string& what) {
  if (all == 1) return "";
  if (step >= all) return fmt::format("for all {} {} at once", all, what);
  return step == 1 ? fmt::format("for each of {} {}", all, what)
                   : fmt::format("for each {} of {} {}", step, all, what);
}

// The same of a loop in which something is done first; `alone`: what that is where there is but one.
LoopLine for_each(int64_t step, int64_t all, const std::string& what, const std::string& first,
                  const std::string& alone) {
  const std::string loop = for_each(step, all, what);
  if (loop.empty()) return {alone, false};
  return {loop + ": " + first};
}

// The same of tiles that all are as large: where they do not divide an axis the last ones overlap.
std::string tiles_of(int64_t step, int64_t all, const std::string& what) {
  const std::string loop = for_each(step, all, what);
  return all % step == 0 ? loop : loop + ", the last of which overlap";
}

LoopNest nest(const std::vector<LoopLine>& loops, const std::string& behind = "") {
  LoopNest result{{}, behind};
  for (const LoopLine& line : loops)
    if (!line.text.empty()) result.loops.push_back(line);
  return result;
}

std::string blocks_of(const Layout& layout) {
  return layout.block == 1 ? "channels" : fmt::format("blocks of {} channels", layout.block);
}

bool is_of_bytes(const Kernel& kernel) {
  return kernel.inputs[0].type == ElementType::uint8;
}

// Kernels of bytes take four channels at a time, in one dot product, those of bfloat16 two.
bool is_of_dots(const Kernel& kernel) {
  return is_of_bytes(kernel) || kernel.inputs[0].type == ElementType::bfloat16;
}

std::string sum_over(const Kernel& kernel) {
  const WindowParameters& window = window_parameters(kernel);
  const int64_t groups =
      std::holds_alternative<ConvParameters>(kernel.parameters) ? conv_of(kernel).groups : 1;
  const int64_t channels = kernel.inputs[0].channels / groups;
  const int64_t step = is_of_dots(kernel) ? channels_of_dot(kernel) : 1;
  return fmt::format("for each {} {} x {}x{} taps",
                     step > 1 && channels > step ? fmt::format("{} of", step) : "of",
                     counted(channels, "input channel"), window.height.filter, window.width.filter);
}

std::string store(const Kernel& kernel) {
  std::string text;
  for (const EpilogueStep& step : kernel.epilogue) text += (text.empty() ? "" : ", ") + step.op;
  return text.empty() ? "store the result" : fmt::format("apply {} in registers, and store the result", text);
}

bool is_tiled_by_dots(const Kernel& kernel) {
  return kernel.family == "conv_u8" || kernel.family == "conv_bfloat16";
}

LoopNest of_tiles(const Kernel& kernel, const BlockedTiling& t) {
  const Layout& out = kernel.output;
  const std::string blocks = for_each(t.blocks, out.planes(), blocks_of(out)),
                    rows = t.counts_pixels ? "" : tiles_of(t.y, out.height, "rows"),
                    pixels = t.counts_pixels ? tiles_of(t.x, out.height * out.width, "pixels of the map")
                                             : tiles_of(t.x, out.width, "pixels of a row");
  const std::string of_input = is_of_bytes(kernel)  ? "four bytes of " + counted(t.x * t.y, "pixel")
                               : is_of_dots(kernel) ? "two channels of " + counted(t.x * t.y, "pixel")
                                                    : counted(t.x * t.y, "element") + " of the input";
  const std::string product = is_of_dots(kernel) ? "dot product" : "multiply-add";
  const std::string sums =
      fmt::format("{}: load {} of weights and {}, and make {} of vectors", sum_over(kernel),
                  counted(t.blocks, "vector"), of_input, counted(t.x * t.y * t.blocks, product));
  if (t.chunk > 0)
    return nest({blocks,
                 for_each(t.chunk, kernel.inputs[0].planes(),
                          "blocks of input channels, whose weights stay in the first-level cache"),
                 rows, pixels, sums},
                "add the sums to totals in memory; behind the last part " + store(kernel));
  return t.rows_outer ? nest({rows, blocks, pixels, sums}, store(kernel))
                      : nest({blocks, rows, pixels, sums}, store(kernel));
}

LoopNest of_planar(const Kernel& kernel) {
  const auto [lanes, rows, unroll] = planar_tiling(kernel.schedule);
  const Layout& out = kernel.output;
  const int64_t channels = conv_of(kernel).planar_tile;
  return nest({tiles_of(channels, out.channels, "channels"), tiles_of(rows, out.height, "rows"),
               tiles_of(lanes, out.width, "pixels of a row, one vector"),
               fmt::format("{}: load {} of the input and {}, and make {} of vectors", sum_over(kernel),
                           counted(rows, "vector"), counted(channels, "weight"),
                           counted(rows * channels, "multiply-add"))},
              store(kernel));
}

LoopNest of_winograd_columns(const Kernel& kernel) {
  const ColumnsTiling t = columns_tiling(kernel.schedule);
  const Layout& out = kernel.output;
  const int64_t filter = conv_of(kernel).window.height.filter, points = t.outputs + filter - 1;
  return nest(
      {for_each(1, winograd_bands(out.height, t.outputs), fmt::format("bands of {} rows", t.outputs),
                fmt::format("transform the rows of the input to {} rows of points", points),
                fmt::format("transform the rows of the input to {} rows of points", points)),
       for_each(t.channels, out.planes(), blocks_of(out)), tiles_of(t.x, out.width, "pixels of a row"),
       fmt::format("for each of {} x {} columns of the filter: multiply and add each of {} points",
                   counted(kernel.inputs[0].channels, "input channel"), conv_of(kernel).window.width.filter,
                   points)},
      fmt::format("transform the points to {} rows, {}", t.outputs, store(kernel)));
}

LoopNest of_winograd_filters(const Kernel& kernel) {
  const Winograd2dTiling t = winograd_2d_tiling(kernel.schedule);
  const Layout &in = kernel.inputs[0], &out = kernel.output;
  const int64_t tiles = ceil_div(out.width, t.outputs) * ceil_div(out.height, t.outputs) * out.images;
  const auto transform_of = [&](const char* which) {
    return fmt::format("transform the input of {}, {} points of all channels, into scratch memory", which,
                       t.points());
  };
  const LoopLine block = for_each(t.tiles, tiles, fmt::format("tiles of {0}x{0} pixels", t.outputs),
                                  transform_of("each"), transform_of("the tile"));
  const std::string products = fmt::format(
      "for each of {} points a product of matrices: {}, {} and {} of channels at a time", t.points(),
      counted(in.channels, "input channel"), counted(t.x, "tile"), counted(t.planes, "vector"));
  const std::string back = "transform the products back to pixels, " + store(kernel);
  if (t.chunk > 0)
    return nest({block, for_each(t.planes, out.planes(), blocks_of(out)),
                 for_each(t.chunk, in.planes(), "blocks of input channels",
                          "transform their filters into the first-level cache",
                          "transform the filters into the first-level cache"),
                 products},
                back);
  return nest(
      {for_each(t.planes * t.parts, out.planes(), blocks_of(out),
                "transform their filters into scratch memory", "transform the filters into scratch memory"),
       block, for_each(t.planes, t.planes * t.parts, "of these blocks"), products},
      back);
}

LoopNest of_depthwise(const Kernel& kernel) {
  const Layout& out = kernel.output;
  const int64_t x = number(kernel.schedule, "x");
  const WindowParameters& window = window_parameters(kernel);
  return nest({for_each(1, out.planes(), blocks_of(out)), for_each(1, out.height, "rows"),
               tiles_of(x, out.width, "pixels of a row"),
               fmt::format("for each of {}x{} taps: multiply {} of the input by one of weights, and add",
                           window.height.filter, window.width.filter, counted(x, "vector"))},
              store(kernel));
}

LoopNest of_conv_and_depthwise(const Kernel& kernel) {
  const ConvAndDepthwiseTiling t = conv_and_depthwise_tiling(kernel.schedule);
  const Layout& out = kernel.output;
  const Kernel inner = inner_conv(kernel);
  const auto first_of = [&](const char* they) {
    return fmt::format(
        "compute the rows of the first convolution that {} and that are not there yet, in tiles "
        "of {}, {}, onto the stack",
        they, counted(t.inner_x, "pixel"), sum_over(inner));
  };
  return nest(
      {for_each(t.band, out.height, "rows"), for_each(t.blocks, out.planes(), blocks_of(out)),
       for_each(t.y, t.band, "of these rows", first_of("they need"), first_of("it needs")),
       for_each(1, t.blocks, "of these blocks"), tiles_of(t.x, out.width, "pixels of a row"),
       fmt::format("for each of {}x{} taps of the depthwise one: multiply and add, read from the stack",
                   conv_of(kernel).window.height.filter, conv_of(kernel).window.width.filter)},
      store(kernel));
}

LoopNest of_dense(const Kernel& kernel) {
  const auto [images, ways] = dense_tiling(kernel.schedule);
  const int64_t tile = dense_of(kernel).tile, all = kernel.output.planes() * kernel.output.block;
  const int64_t inputs = kernel.inputs[0].elements() / kernel.inputs[0].images;
  const int64_t step = ways * (is_of_bytes(kernel) ? kDotBytes : 1);
  const std::string of_each =
      is_of_bytes(kernel) ? "load four weights of each output, and add their dot product with the inputs to "
                          : "load a weight of each output, and add its product with the input to ";
  return nest(
      {for_each(images, kernel.output.images * kernel.output.height * kernel.output.width, "vectors"),
       for_each(tile, all, "outputs"),
       fmt::format("for each {} {} inputs: {}{}", step == 1 ? "of" : fmt::format("{} of", step), inputs,
                   of_each, ways == 1 ? "its sum" : fmt::format("one of {} sums of it", ways))},
      ways == 1 ? store(kernel) : fmt::format("add up the {} sums, {}", ways, store(kernel)));
}

LoopNest of_window(const Kernel& kernel) {
  const Layout& out = kernel.output;
  const WindowParameters& window = window_parameters(kernel);
  return nest({for_each(1, out.planes(), blocks_of(out)), for_each(1, out.height, "rows"),
               for_each(1, out.width, "pixels of a row"),
               fmt::format("for each of {}x{} taps: combine a vector of the input with what there is",
                           window.height.filter, window.width.filter)},
              store(kernel));
}

LoopNest of_elements(const Kernel& kernel, const Target& target) {
  const Layout& out = kernel.output;
  if (out.block > 1)
    return nest({for_each(1, out.planes(), blocks_of(out)), for_each(1, out.height, "rows"),
                 for_each(1, out.width, "pixels of a row", "compute one vector, and " + store(kernel),
                          "compute one vector, and " + store(kernel))});
  return nest({fmt::format("for each of {} elements, up to {} in a vector: compute it, and {}",
                           with_commas(out.elements()), target.lanes, store(kernel))});
}

bool is_dense(const Kernel& kernel) {
  return kernel.family == "dense" || kernel.family == "dense_u8";
}

LoopNest loops_of_image(const Kernel& kernel, const Target& target) {
  const std::string& family = kernel.family;
  if (family == "conv_blocked") return of_tiles(kernel, blocked_tiling(kernel.schedule));
  if (is_tiled_by_dots(kernel)) return of_tiles(kernel, u8_tiling(kernel.schedule));
  if (family == "conv_planar") return of_planar(kernel);
  if (family == "conv_winograd") return of_winograd_columns(kernel);
  if (family == "conv_winograd_2d") return of_winograd_filters(kernel);
  if (family == "conv_depthwise" || family == "conv_depthwise_u8") return of_depthwise(kernel);
  if (family == "conv_and_depthwise") return of_conv_and_depthwise(kernel);
  if (is_dense(kernel)) return of_dense(kernel);
  if (family == "conv_pairs" || family == "conv_few_outputs")
    return nest({for_each(1, kernel.output.height, "rows"),
                 std::string("for each few pixels of a row, of all output channels"),
                 sum_over(kernel) + ": multiply and add vectors"},
                store(kernel));
  return find_window(kernel) ? of_window(kernel) : of_elements(kernel, target);
}

}  // namespace

LoopNest loops_of(const Kernel& kernel, const Target& target) {
  LoopNest loops = loops_of_image(kernel, target);
  const bool counts_images = is_dense(kernel) || kernel.family == "conv_winograd_2d" ||
                             (kernel.output.block == 1 && !find_window(kernel));
  if (kernel.output.images > 1 && !counts_images)
    loops.loops.insert(loops.loops.begin(), {for_each(1, kernel.output.images, "images")});
  return loops;
}

std::optional<RegisterTile> register_tile_of(const Kernel& kernel, const Target& target) {
  const std::string& family = kernel.family;
  if (family == "conv_blocked" || is_tiled_by_dots(kernel)) {
    const BlockedTiling t =
        is_tiled_by_dots(kernel) ? u8_tiling(kernel.schedule) : blocked_tiling(kernel.schedule);
    return RegisterTile{fmt::format("{} x {} x {} of channels", counted(t.x, "pixel"), counted(t.y, "row"),
                                    counted(t.blocks, "vector")),
                        t.x * t.y * t.blocks};
  }
  if (family == "conv_planar") {
    const PlanarTiling t = planar_tiling(kernel.schedule);
    return RegisterTile{
        fmt::format("{} x {}", counted(t.rows, "row"), counted(conv_of(kernel).planar_tile, "channel")),
        t.rows * conv_of(kernel).planar_tile};
  }
  if (family == "conv_winograd_2d") {
    const Winograd2dTiling t = winograd_2d_tiling(kernel.schedule);
    return RegisterTile{fmt::format("{} x {} of channels", counted(t.x, "tile"), counted(t.planes, "vector")),
                        t.x * t.planes};
  }
  if (family == "conv_winograd") {
    const ColumnsTiling t = columns_tiling(kernel.schedule);
    const int64_t points = t.outputs + conv_of(kernel).window.height.filter - 1;
    const int64_t pixels = kernel.output.block == 1 ? 1 : t.x;
    return RegisterTile{
        fmt::format("{} x {} x {} of {}", counted(points, "point"), counted(t.channels, "vector"), pixels,
                    kernel.output.block == 1 ? "channels" : "pixels"),
        points * t.channels * pixels};
  }
  if (is_dense(kernel)) {
    const auto [images, ways] = dense_tiling(kernel.schedule);
    const int64_t vectors = ceil_div(dense_of(kernel).tile, target.lanes);
    return RegisterTile{fmt::format("{} of outputs x {} x {}", counted(vectors, "vector"),
                                    counted(ways, "way"), counted(images, "image")),
                        vectors * ways * images};
  }
  if (family == "conv_depthwise" || family == "conv_depthwise_u8" || family == "conv_pairs") {
    const int64_t x = number(kernel.schedule, "x");
    return RegisterTile{counted(x, "pixel"), family == "conv_pairs" ? x * pairs_halves(kernel.output) : x};
  }
  return std::nullopt;
}

}  // namespace cnnc
