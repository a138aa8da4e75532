#include "schedules/conv_and_depthwise.h"

#include <algorithm>

#include "kernels/activation.h"
#include "kernels/families.h"
#include "kernels/tensors.h"
#include "kernels/window.h"
#include "plan/inner_conv.h"
#include "plan/tilings.h"

namespace cnnc {

using Halide::Expr;

namespace {

struct Parameters {
  Halide::ImageParam input, inner_weight, inner_bias, weight, bias;
};

Parameters parameters_of(const Kernel& kernel, const KernelWindow& inner, const KernelWindow& w) {
  const int64_t lanes = kernel.output.block, planes = kernel.output.planes();
  const Layout& input = kernel.inputs[0];
  return {input_parameter(kernel, 0),
          constant_parameter("inner_weight", {lanes, input.block, inner.filter_width, inner.filter_height,
                                              input.planes(), planes}),
          constant_parameter("inner_bias", {lanes, planes}),
          constant_parameter("weight", {lanes, w.filter_width, w.filter_height, planes}),
          constant_parameter("bias", {lanes, planes})};
}

}  // namespace

ScheduledKernel conv_and_depthwise(const Kernel& kernel, const Target& target) {
  const Kernel inner_kernel = inner_conv(kernel);
  const KernelWindow inner = window_of(inner_kernel), w = window_of(kernel);
  const Layout& map = inner_kernel.output;
  const Parameters p = parameters_of(kernel, inner, w);
  const Coordinates at;

  // The convolution whose result is not stored.
  Halide::Func inner_sums("inner_sums"), expanded("expanded"), sums("sums"), result("result");
  inner_sums(at.lane, at.x, at.y, at.plane, at.image) = p.inner_bias(at.lane, at.plane);
  std::vector<Halide::RDom> taps;
  std::vector<Halide::Func> pixels;
  const Halide::Var tap_x("tap_x"), tap_y("tap_y");
  for (const BlockRange& range : block_ranges(kernel.inputs[0])) {
    const Halide::RDom r(0, range.channels, 0, inner.filter_width, 0, inner.filter_height, 0, range.blocks);
    const Expr block = range.first_block + r.w;
    // Halide would take all rows of `expanded` for rows that are read, and those outside for an error.
    const int first_row = -size(kernel.inputs[0].top);
    const auto input = [&](const Expr& lane, const Expr& tap_column, const Expr& tap_row, const Expr& plane) {
      const Expr row = Halide::unsafe_promise_clamped(inner.row(at.y, tap_row), first_row,
                                                      first_row + size(kernel.inputs[0].rows()) - 1);
      return p.input(lane, inner.column(at.x, tap_column), row, plane, at.image);
    };
    Expr element = input(r.x, r.y, r.z, block);
    if (stages_pixels(inner_kernel, target)) {
      pixels.emplace_back("pixels");
      pixels.back()(at.lane, at.x, at.y, tap_x, tap_y, at.plane, at.image) =
          input(at.lane, tap_x, tap_y, at.plane);
      element = pixels.back()(r.x, at.x, at.y, r.y, r.z, block, at.image);
    }
    inner_sums(at.lane, at.x, at.y, at.plane, at.image) +=
        element * p.inner_weight(at.lane, r.x, r.y, r.z, block, at.plane);
    taps.push_back(r);
  }

  // Its columns, with zeros around it.
  const Halide::RDom left(0, size(map.left)), right(0, size(map.right));
  Halide::RDom columns(0, size(map.width)), outside(0, size(map.width));
  // Written so that Halide does not see for which rows it holds: it would cut the loops over them, and then
  // fold too many rows onto each other.
  const Expr is_inside = Halide::cast<uint32_t>(at.y) < Expr(static_cast<uint32_t>(map.height));
  columns.where(is_inside);
  outside.where(!is_inside);
  expanded(at.lane, at.x, at.y, at.plane, at.image) = Halide::undef<float>();
  if (map.left > 0) expanded(at.lane, left - size(map.left), at.y, at.plane, at.image) = 0.0f;
  if (map.right > 0) expanded(at.lane, right + size(map.width), at.y, at.plane, at.image) = 0.0f;
  expanded(at.lane, outside, at.y, at.plane, at.image) = 0.0f;
  expanded(at.lane, columns, at.y, at.plane, at.image) =
      apply_epilogue(inner_kernel, inner_sums(at.lane, columns, at.y, at.plane, at.image), nullptr);

  const Halide::RDom filter(0, w.filter_width, 0, w.filter_height);
  sums(at.lane, at.x, at.y, at.plane, at.image) = p.bias(at.lane, at.plane);
  sums(at.lane, at.x, at.y, at.plane, at.image) +=
      expanded(at.lane, w.column(at.x, filter.x), w.row(at.y, filter.y), at.plane, at.image) *
      p.weight(at.lane, filter.x, filter.y, at.plane);
  result(at.lane, at.x, at.y, at.plane, at.image) =
      apply_epilogue(kernel, sums(at.lane, at.x, at.y, at.plane, at.image), nullptr);

  constrain_result(result, kernel);
  schedule_conv_and_depthwise({inner_sums, expanded, sums, result, p.inner_weight, at.lane, at.x, at.y,
                               at.plane, at.image, taps, columns, filter, pixels},
                              kernel);
  return {result, {p.input, p.inner_weight, p.inner_bias, p.weight, p.bias}};
}

}  // namespace cnnc
