#include "driver/explain/loops.h"

#include <fmt/format.h>

#include <map>
#include <stdexcept>

#include "driver/console/numbers.h"
#include "ops/registry.h"
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

// Of `piece` pixels of a tile at a time.
LoopNest of_tiles(const Kernel& kernel, const BlockedTiling& t, int64_t piece) {
  const Layout& out = kernel.output;
  const std::string blocks = for_each(t.blocks, out.planes(), blocks_of(out)),
                    rows = t.counts_pixels ? "" : tiles_of(t.y, out.height, "rows"),
                    pixels = t.counts_pixels ? tiles_of(t.x, out.height * out.width, "pixels of the map")
                                             : tiles_of(t.x, out.width, "pixels of a row");
  const std::string of_input = is_of_bytes(kernel)  ? "four bytes of " + counted(piece * t.y, "pixel")
                               : is_of_dots(kernel) ? "two channels of " + counted(piece * t.y, "pixel")
                                                    : counted(piece * t.y, "element") + " of the input";
  const std::string product = is_of_dots(kernel) ? "dot product" : "multiply-add";
  const std::string pieces = piece < t.x ? fmt::format("for each {} of these {}, ", piece, t.x) : "";
  const std::string sums =
      pieces + fmt::format("{}: load {} of weights and {}, and make {} of vectors", sum_over(kernel),
                           counted(t.blocks, "vector"), of_input, counted(piece * t.y * t.blocks, product));
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

// A loop around all others, of those that treat images one by one, counts these.
bool takes_elements_of_all_images(const Kernel& kernel) {
  return kernel.output.block == 1 && !find_window(kernel);
}

LoopNest of_rows(const Kernel& kernel) {
  return nest({for_each(1, kernel.output.height, "rows"),
               std::string("for each few pixels of a row, of all output channels"),
               sum_over(kernel) + ": multiply and add vectors"},
              store(kernel));
}

LoopNest of_rest(const Kernel& kernel, const Target& target) {
  return find_window(kernel) ? of_window(kernel) : of_elements(kernel, target);
}

// A tile of more sums than fit the registers is computed in pieces of its rows.
BlockedTiling piece_of(const Kernel& kernel, const Target& target) {
  BlockedTiling t = blocked_tiling(kernel.schedule);
  t.x = piece_of(t, stages_pixels(kernel, target), target);
  return t;
}

RegisterTile tile_of_blocks(const BlockedTiling& t) {
  return {fmt::format("{} x {} x {} of channels", counted(t.x, "pixel"), counted(t.y, "row"),
                      counted(t.blocks, "vector")),
          t.x * t.y * t.blocks};
}

RegisterTile tile_of_planar(const Kernel& kernel) {
  const PlanarTiling t = planar_tiling(kernel.schedule);
  const int64_t channels = conv_of(kernel).planar_tile;
  return {fmt::format("{} x {}", counted(t.rows, "row"), counted(channels, "channel")), t.rows * channels};
}

RegisterTile tile_of_winograd_filters(const Kernel& kernel) {
  const Winograd2dTiling t = winograd_2d_tiling(kernel.schedule);
  return {fmt::format("{} x {} of channels", counted(t.x, "tile"), counted(t.planes, "vector")),
          t.x * t.planes};
}

RegisterTile tile_of_winograd_columns(const Kernel& kernel) {
  const ColumnsTiling t = columns_tiling(kernel.schedule);
  const int64_t points = t.outputs + conv_of(kernel).window.height.filter - 1;
  const int64_t pixels = kernel.output.block == 1 ? 1 : t.x;
  return {fmt::format("{} x {} x {} of {}", counted(points, "point"), counted(t.channels, "vector"), pixels,
                      kernel.output.block == 1 ? "channels" : "pixels"),
          points * t.channels * pixels};
}

RegisterTile tile_of_dense(const Kernel& kernel, const Target& target) {
  const auto [images, ways] = dense_tiling(kernel.schedule);
  const int64_t vectors = ceil_div(dense_of(kernel).tile, target.lanes);
  return {fmt::format("{} of outputs x {} x {}", counted(vectors, "vector"), counted(ways, "way"),
                      counted(images, "image")),
          vectors * ways * images};
}

RegisterTile tile_of_pixels(const Kernel& kernel, int64_t vectors) {
  const int64_t x = number(kernel.schedule, "x");
  return {counted(x, "pixel"), x * vectors};
}

// What is said of a family. Its loops may be those of all images; else there is one around them, of images.
struct Family {
  LoopNest (*loops)(const Kernel&, const Target&);
  RegisterTile (*tile)(const Kernel&, const Target&);  // null: it has no tiles
  bool counts_images = false;
};

using K = const Kernel&;
using T = const Target&;

const Family kOfBlocks = {[](K k, T t) { return of_tiles(k, blocked_tiling(k.schedule), piece_of(k, t).x); },
                          [](K k, T t) { return tile_of_blocks(piece_of(k, t)); }};
const Family kOfDots = {[](K k, T) { return of_tiles(k, u8_tiling(k.schedule), u8_tiling(k.schedule).x); },
                        [](K k, T) { return tile_of_blocks(u8_tiling(k.schedule)); }};
const Family kDepthwise = {[](K k, T) { return of_depthwise(k); },
                           [](K k, T) { return tile_of_pixels(k, 1); }};
const Family kDense = {[](K k, T) { return of_dense(k); }, tile_of_dense, true};
const Family kRest = {of_rest, nullptr};

const std::map<std::string_view, Family> kFamilies = {
    {"conv_blocked", kOfBlocks},
    {"conv_u8", kOfDots},
    {"conv_bfloat16", kOfDots},
    {"conv_planar", {[](K k, T) { return of_planar(k); }, [](K k, T) { return tile_of_planar(k); }}},
    {"conv_winograd",
     {[](K k, T) { return of_winograd_columns(k); }, [](K k, T) { return tile_of_winograd_columns(k); }}},
    {"conv_winograd_2d",
     {[](K k, T) { return of_winograd_filters(k); }, [](K k, T) { return tile_of_winograd_filters(k); },
      true}},
    {"conv_depthwise", kDepthwise},
    {"conv_depthwise_u8", kDepthwise},
    {"conv_and_depthwise", {[](K k, T) { return of_conv_and_depthwise(k); }, nullptr}},
    {"conv_pairs",
     {[](K k, T) { return of_rows(k); }, [](K k, T) { return tile_of_pixels(k, pairs_halves(k.output)); }}},
    {"conv_few_outputs", {[](K k, T) { return of_rows(k); }, nullptr}},
    {"dense", kDense},
    {"dense_u8", kDense},
    {"avgpool_u8", kRest},
    {"quantize", kRest},
    {"dequantize", kRest},
    {"bfloat16", kRest},
    {"flip_sign_bit", kRest},
    {"upconv_bias", kRest},
    {"maxpool", kRest},
    {"avgpool", kRest},
    {"adaptive_maxpool", kRest},
    {"adaptive_avgpool", kRest},
    {"upsample", kRest},
    {"resize", kRest},
    {"pad", kRest},
    {"lrn", kRest},
    {"batchnorm", kRest},
    {"softmax", kRest},
    {"log_softmax", kRest},
    {"concat", kRest},
    {"slice", kRest},
    {"channel_shuffle", kRest},
    {"space_to_depth", kRest},
    {"depth_to_space", kRest},
    {"copy", kRest},
    {"tensor", kRest},
};

// Elementwise operators are families, too, of a name like theirs. Null: there is no such family.
const Family* find_family(std::string_view name) {
  if (const auto found = kFamilies.find(name); found != kFamilies.end()) return &found->second;
  const Operator* op = find_operator(name);
  return op && op->facts.is_elementwise ? &kRest : nullptr;
}

const Family& family_of(const Kernel& kernel) {
  if (const Family* family = find_family(kernel.family)) return *family;
  throw std::logic_error("nobody tells the loops of the family " + kernel.family);
}

}  // namespace

bool has_loops_in_words(std::string_view family) {
  return find_family(family) != nullptr;
}

LoopNest loops_of(const Kernel& kernel, const Target& target) {
  const Family& family = family_of(kernel);
  LoopNest loops = family.loops(kernel, target);
  const bool counts_images = family.counts_images || takes_elements_of_all_images(kernel);
  if (kernel.output.images > 1 && !counts_images)
    loops.loops.insert(loops.loops.begin(), {for_each(1, kernel.output.images, "images")});
  return loops;
}

std::optional<RegisterTile> register_tile_of(const Kernel& kernel, const Target& target) {
  const Family& family = family_of(kernel);
  return family.tile ? std::optional(family.tile(kernel, target)) : std::nullopt;
}

}  // namespace cnnc
