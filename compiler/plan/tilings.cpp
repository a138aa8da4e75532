#include "plan/tilings.h"

#include <algorithm>

#include "support/checked.h"

namespace cnnc {

BlockedTiling blocked_tiling(const Schedule& s) {
  const int64_t y = number(s, "y");
  return {
      number(s, "x"), y == 0 ? 1 : y, number(s, "blocks"), number(s, "chunk"), number(s, "rows_outer") != 0,
      y == 0};
}

BlockedTiling u8_tiling(const Schedule& s) {
  return {number(s, "x"), number(s, "y"), number(s, "blocks"), 0, number(s, "rows_outer") != 0, false};
}

bool sums_dots(const Kernel& kernel, const Target& target) {
  const bool of_bfloat16 =
      target.has_bf16_products && !kernel.inputs.empty() && kernel.inputs[0].type == ElementType::bfloat16;
  return of_bfloat16 || weight_bits_of(kernel) > 0;
}

int64_t channels_of_dot(const Kernel& kernel) {
  return kDotBytes / size_of(kernel.inputs[0].type);
}

bool fetches_next_blocks(const Kernel& kernel, const Target& target) {
  const ConvParameters& conv = conv_of(kernel);
  const Layout &in = kernel.inputs[0], &out = kernel.output;
  const int64_t weights =
      in.bytes_of(in.planes() * in.block * out.planes() * out.block / conv.groups * conv.window.taps());
  return !u8_tiling(kernel.schedule).rows_outer && conv.groups == 1 &&
         static_cast<double>(weights) > target.memory.first_level;
}

bool stages_pixels(const Kernel& kernel, const Target& target) {
  const int64_t block = kernel.inputs[0].block;
  return target.takes_element && conv_of(kernel).groups == 1 && block > 1 && block <= target.lanes;
}

int64_t most_sums(const Target& target) {
  return target.registers - (target.parts > 1 ? 1 : 2);
}

int64_t registers_of(const BlockedTiling& t, int64_t x, bool is_staged, const Target& target) {
  const int64_t weights = t.blocks * target.parts, elements = x * t.y;
  const int64_t operands = is_staged                ? weights + elements
                           : target.folds_broadcast ? weights
                                                    : std::min(weights, elements) + 1;
  return elements * weights + operands;
}

int64_t piece_of(const BlockedTiling& t, bool is_staged, const Target& target) {
  if (t.x * t.y * t.blocks <= most_sums(target)) return t.x;
  int64_t pieces = 2;
  while (pieces < t.x &&
         registers_of(t, ceil_div(t.x, pieces), is_staged, target) > target.registers * target.parts)
    ++pieces;
  return ceil_div(t.x, pieces);
}

PlanarTiling planar_tiling(const Schedule& s) {
  return {number(s, "lanes"), number(s, "rows"), number(s, "unroll") != 0};
}

ConvAndDepthwiseTiling conv_and_depthwise_tiling(const Schedule& s) {
  return {number(s, "band"), number(s, "blocks"), number(s, "inner_x"), number(s, "y"), number(s, "x")};
}

ColumnsTiling columns_tiling(const Schedule& s) {
  return {number(s, "outputs"), number(s, "channels"), number(s, "x")};
}

Winograd2dTiling winograd_2d_tiling(const Schedule& s) {
  const Winograd2d way{number(s, "outputs"), number(s, "tiles"), number(s, "planes"), number(s, "parts"),
                       number(s, "chunk")};
  return {way, number(s, "x"), number(s, "rows")};
}

DenseTiling dense_tiling(const Schedule& s) {
  return {number(s, "images"), number(s, "ways")};
}

Winograd2d winograd_2d_of(const Schedule& schedule) {
  const auto of = [&](const char* name) {
    const auto found = schedule.find(name);
    return found == schedule.end() ? int64_t{0} : found->second;
  };
  return {of("outputs"), of("tiles"), of("planes"), of("parts"), of("chunk")};
}

Schedule schedule_of(const Winograd2d& way) {
  return {{"outputs", way.outputs},
          {"tiles", way.tiles},
          {"planes", way.planes},
          {"parts", way.parts},
          {"chunk", way.chunk}};
}

}  // namespace cnnc
