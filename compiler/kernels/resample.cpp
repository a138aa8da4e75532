#include "ops/spatial/resample.h"

#include <algorithm>
#include <numeric>

#include "kernels/families.h"
#include "kernels/tensors.h"
#include "schedules/tasks.h"

namespace cnnc {

using Halide::Expr;

namespace {

// Where output o of an axis lies in the input: between `first` and `second`, with these weights.
struct Place {
  Expr first, second, first_weight, second_weight;
};

Place place_of(ResampleAxis axis, const Expr& o) {
  const int64_t common = std::gcd(std::gcd(axis.scale, axis.offset), axis.divisor);
  axis.scale /= common;
  axis.offset /= common;
  axis.divisor /= common;
  const bool fits = (axis.output + 1) * axis.scale < INT32_MAX && axis.divisor < INT32_MAX;
  const Halide::Type type = fits ? Halide::Int(32) : Halide::Int(64);
  const auto constant = [&](int64_t n) { return Halide::Internal::make_const(type, n); };
  Expr at = Halide::cast(type, o) * constant(axis.scale) + constant(axis.offset);
  if (axis.offset < 0) at = Halide::max(at, constant(0));
  const Expr rest = at % constant(axis.divisor);
  const float unit = 1.0f / static_cast<float>(axis.divisor);
  Place place;
  place.first = Halide::cast<int>(at / constant(axis.divisor));
  place.second = Halide::min(place.first + 1, static_cast<int>(axis.input) - 1);
  place.first_weight = Halide::cast<float>(constant(axis.divisor) - rest) * unit;
  place.second_weight = Halide::cast<float>(rest) * unit;
  return place;
}

// Vectors along the channels of a block or, of planar maps, along the width. Pixels in whole steps of an
// enlargement make their places constants.
void schedule(Halide::Func result, const Coordinates& at, const Kernel& kernel, const Target& target) {
  const Layout &from = kernel.inputs[0], &to = kernel.output;
  if (to.block == 1) {
    result.reorder(at.x, at.lane, at.y, at.plane)
        .vectorize(at.x, largest_vector(target, to.width), Halide::TailStrategy::ShiftInwards);
    return;
  }
  result.vectorize(at.lane, static_cast<int>(to.block));
  const int64_t factor = to.width / from.width;
  if (to.width % from.width == 0 && factor > 1 && factor <= 8) {
    Halide::Var inside("inside");
    result.split(at.x, at.x, inside, static_cast<int>(factor), Halide::TailStrategy::RoundUp)
        .reorder(at.lane, inside, at.x)
        .unroll(inside);
  }
}

}  // namespace

ScheduledKernel resample(const Kernel& kernel, const Target& target) {
  const Attributes& attributes = attributes_of(kernel);
  const Layout &from = kernel.inputs[0], &to = kernel.output;
  Halide::ImageParam input = input_parameter(kernel, 0);
  const Coordinates at;
  const Place row = place_of(resample_axis(attributes, from.height, to.height), at.y);
  const Place column = place_of(resample_axis(attributes, from.width, to.width), at.x);
  const auto element = [&](const Expr& x, const Expr& y) { return input(at.lane, x, y, at.plane, at.image); };
  const auto of_row = [&](const Expr& y) {
    return element(column.first, y) * column.first_weight + element(column.second, y) * column.second_weight;
  };
  Halide::Func result("result");
  const bool is_bilinear = word(attributes, "mode") == "bilinear";
  result(at.lane, at.x, at.y, at.plane, at.image) =
      is_bilinear ? of_row(row.first) * row.first_weight + of_row(row.second) * row.second_weight
                  : element(column.first, row.first);
  constrain_result(result, kernel);
  schedule(result, at, kernel, target);
  schedule_tasks(result, kernel, {at.y, at.plane, at.image});
  return {result, {input}};
}

}  // namespace cnnc
