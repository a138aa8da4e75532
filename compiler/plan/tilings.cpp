#include "plan/tilings.h"

namespace cnnc {

BlockedTiling blocked_tiling(const Schedule& s) {
  return {number(s, "x"), number(s, "y"), number(s, "blocks"), number(s, "chunk"),
          number(s, "rows_outer") != 0};
}

BlockedTiling u8_tiling(const Schedule& s) {
  return {number(s, "x"), number(s, "y"), number(s, "blocks"), 0, number(s, "rows_outer") != 0};
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
