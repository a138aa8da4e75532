#include "plan/choose/multiply_adds.h"

#include <map>
#include <stdexcept>
#include <string>

#include "ops/registry.h"
#include "plan/choose/blocked_tiles.h"
#include "plan/choose/choose_winograd.h"
#include "plan/choose/pairs.h"
#include "plan/inner_conv.h"
#include "plan/one_row.h"
#include "plan/tilings.h"
#include "support/checked.h"

namespace cnnc {
namespace {

double product(std::initializer_list<int64_t> factors) {
  double all = 1;
  for (const int64_t factor : factors) all *= static_cast<double>(factor);
  return all;
}

// Elements of the result, with what fills up blocks and what tiles of `x` x `y` pixels compute twice.
double computed_elements(const Layout& out, int64_t x, int64_t y) {
  return product({out.planes(), out.block, out.height, out.width, out.images}) *
         computed_share(out.width, x) * computed_share(out.height, y);
}

// Input channels that each element of a direct convolution is the sum of.
int64_t channels_summed(const Kernel& kernel, int64_t chunk) {
  const Layout& input = kernel.inputs[0];
  const int64_t groups = conv_of(kernel).groups;
  if (groups > 1 || chunk > 0) return input.planes() / groups * input.block;
  const int64_t of_dot = channels_of_dot(kernel);
  return ceil_div(input.channels, of_dot) * of_dot;
}

double of_tiles(const Kernel& kernel, const BlockedTiling& t) {
  const double share = kernel.output.planes() % t.blocks == 0 || conv_of(kernel).groups > 1
                           ? 1
                           : computed_share(kernel.output.planes(), t.blocks);
  return share * computed_elements(kernel.output, t.x, t.y) *
         product({channels_summed(kernel, t.chunk), conv_of(kernel).window.taps()});
}

double of_planar(const Kernel& kernel) {
  const auto [lanes, rows, unroll] = planar_tiling(kernel.schedule);
  const Layout& out = kernel.output;
  return computed_elements(out, lanes, rows) * computed_share(out.channels, conv_of(kernel).planar_tile) *
         product({kernel.inputs[0].channels, conv_of(kernel).window.taps()});
}

double of_pairs(const Kernel& kernel) {
  const Layout& out = kernel.output;
  const int64_t outputs = pairs_halves(out) * out.block / 2, inputs = kernel.inputs[0].channels;
  return product({outputs, inputs + inputs % 2, conv_of(kernel).window.taps(), out.height, out.width,
                  out.images}) *
         computed_share(out.width, number(kernel.schedule, "x"));
}

double of_few_outputs(const Kernel& kernel) {
  const Layout &in = kernel.inputs[0], &out = kernel.output;
  return product({in.planes(), in.block, conv_of(kernel).window.taps(), out.channels, out.height, out.width,
                  out.images});
}

// Each band of so many rows has a row of products for each point.
double of_winograd_columns(const Kernel& kernel) {
  const ColumnsTiling t = columns_tiling(kernel.schedule);
  const Layout& out = kernel.output;
  const WindowParameters& window = conv_of(kernel).window;
  const int64_t rows = winograd_bands(out.height, t.outputs) * (t.outputs + window.height.filter - 1);
  return product({rows, out.width, out.images, out.planes(), out.block, kernel.inputs[0].channels,
                  window.width.filter}) *
         computed_share(out.width, t.x);
}

// Each tile has a product of matrices for each point; the last block of tiles is as large as the others.
double of_winograd_filters(const Kernel& kernel) {
  const Winograd2d way = winograd_2d_of(kernel.schedule);
  const Layout &in = kernel.inputs[0], &out = kernel.output;
  const int64_t tiles = ceil_div(out.width, way.outputs) * ceil_div(out.height, way.outputs) * out.images;
  return product(
      {ceil_div(tiles, way.tiles), way.tiles, way.points(), in.planes(), in.block, out.planes(), out.block});
}

// The rows of the first convolution that two bands need are computed for both.
double of_conv_and_depthwise(const Kernel& kernel) {
  const Kernel inner = inner_conv(kernel);
  const Layout &out = kernel.output, &between = inner.output;
  const int64_t band = conv_and_depthwise_tiling(kernel.schedule).band;
  const int64_t outside = std::max<int64_t>(0, inner_rows(kernel, out.height) - between.height);
  const int64_t rows = out.height / band * inner_rows(kernel, band) - outside;
  return product({rows, between.width, between.images, between.planes(), between.block,
                  inner.inputs[0].channels, conv_of(inner).window.taps()}) +
         computed_elements(out, 1, 1) * product({conv_of(kernel).window.taps()});
}

// Each weight, as they are packed, is used once for each image.
double of_dense(const Kernel& kernel) {
  return product({kernel.constants[0]}) *
         product({kernel.output.images, kernel.output.height, kernel.output.width});
}

double of_blocks(const Kernel& kernel) {
  const BlockedTiling t = blocked_tiling(kernel.schedule);
  return of_tiles(t.counts_pixels ? as_one_row(kernel) : kernel, t);
}

double of_dots(const Kernel& kernel) {
  return of_tiles(kernel, u8_tiling(kernel.schedule));
}

double of_depthwise(const Kernel& kernel) {
  return computed_elements(kernel.output, number(kernel.schedule, "x"), 1) *
         product({conv_of(kernel).window.taps()});
}

// How each family counts; null: it sums no products with weights.
using Count = double (*)(const Kernel&);
const std::map<std::string_view, Count> kCounts = {
    {"conv_blocked", of_blocks},
    {"conv_u8", of_dots},
    {"conv_bfloat16", of_dots},
    {"conv_planar", of_planar},
    {"conv_pairs", of_pairs},
    {"conv_few_outputs", of_few_outputs},
    {"conv_winograd", of_winograd_columns},
    {"conv_winograd_2d", of_winograd_filters},
    {"conv_and_depthwise", of_conv_and_depthwise},
    {"conv_depthwise", of_depthwise},
    {"conv_depthwise_u8", of_depthwise},
    {"dense", of_dense},
    {"dense_u8", of_dense},
    {"avgpool_u8", nullptr},
    {"quantize", nullptr},
    {"dequantize", nullptr},
    {"bfloat16", nullptr},
    {"flip_sign_bit", nullptr},
    {"upconv_bias", nullptr},
    {"maxpool", nullptr},
    {"avgpool", nullptr},
    {"adaptive_maxpool", nullptr},
    {"adaptive_avgpool", nullptr},
    {"upsample", nullptr},
    {"resize", nullptr},
    {"pad", nullptr},
    {"lrn", nullptr},
    {"batchnorm", nullptr},
    {"softmax", nullptr},
    {"log_softmax", nullptr},
    {"concat", nullptr},
    {"slice", nullptr},
    {"channel_shuffle", nullptr},
    {"space_to_depth", nullptr},
    {"depth_to_space", nullptr},
    {"copy", nullptr},
    {"tensor", nullptr},
};

// Elementwise operators are families, too, of a name like theirs.
bool is_elementwise(std::string_view family) {
  const Operator* op = find_operator(family);
  return op && op->facts.is_elementwise;
}

}  // namespace

bool has_count_of_multiply_adds(std::string_view family) {
  return kCounts.count(family) > 0 || is_elementwise(family);
}

std::optional<double> multiply_adds(const Kernel& kernel) {
  if (!has_count_of_multiply_adds(kernel.family))
    throw std::logic_error("nobody counts the multiply-adds of the family " + kernel.family);
  const auto found = kCounts.find(kernel.family);
  if (!kernel.strategy.empty() || found == kCounts.end() || !found->second) return std::nullopt;
  return found->second(kernel);
}

}  // namespace cnnc
