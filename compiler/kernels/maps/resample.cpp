#include "ops/spatial/resample.h"

#include <algorithm>
#include <array>
#include <functional>
#include <numeric>

#include "kernels/families.h"
#include "kernels/tensors.h"
#include "schedules/tasks.h"

namespace cnnc {

using Halide::Expr;

namespace {

// Output o of an axis is the sum of `count` elements of the input, each with its weight.
struct Place {
  size_t count = 1;
  std::array<Expr, 4> elements, weights;
};

// A place as a fraction of whole numbers.
struct Fraction {
  Expr numerator;
  int64_t divisor = 1;
  Halide::Type type;

  Expr constant(int64_t n) const { return Halide::Internal::make_const(type, n); }
  Expr floor() const { return Halide::cast<int>(numerator / constant(divisor)); }
};

// At the least 0 and at the most the last element, unless `whole`.
Fraction fraction_of(ResampleAxis axis, const Expr& o, bool whole) {
  const int64_t common = std::gcd(std::gcd(axis.scale, axis.offset), axis.divisor);
  axis.scale /= common;
  axis.offset /= common;
  axis.divisor /= common;
  const int64_t greatest = axis.scale * (axis.output - 1) + axis.offset;
  const bool fits = (axis.output + 1) * axis.scale < INT32_MAX && axis.divisor < INT32_MAX &&
                    std::abs(axis.offset) < INT32_MAX && greatest < INT32_MAX;
  Fraction place{{}, axis.divisor, fits ? Halide::Int(32) : Halide::Int(64)};
  Expr at = Halide::cast(place.type, o) * place.constant(axis.scale) + place.constant(axis.offset);
  if (!whole && axis.offset < 0) at = Halide::max(at, place.constant(0));
  if (!whole && greatest / axis.divisor >= axis.input)
    at = Halide::min(at, place.constant((axis.input - 1) * axis.divisor));
  place.numerator = at;
  return place;
}

Place nearest_place(const ResampleAxis& axis, const Expr& o) {
  return {1, {fraction_of(axis, o, false).floor()}, {}};
}

Place linear_place(const ResampleAxis& axis, const Expr& o) {
  const Fraction at = fraction_of(axis, o, false);
  const Expr rest = at.numerator % at.constant(at.divisor);
  const float unit = 1.0f / static_cast<float>(at.divisor);
  const Expr first = at.floor();
  return {2,
          {first, Halide::min(first + 1, static_cast<int>(axis.input) - 1)},
          {Halide::cast<float>(at.constant(at.divisor) - rest) * unit, Halide::cast<float>(rest) * unit}};
}

// The weights are a table, of four for each output.
Place cubic_place(const ResampleAxis& axis, const Halide::ImageParam& weights, const Expr& o) {
  const Expr first = fraction_of(axis, o, true).floor() - 1;
  Place place;
  place.count = 4;
  for (int k = 0; k < 4; ++k) {
    place.elements[k] = Halide::clamp(first + k, 0, static_cast<int>(axis.input) - 1);
    place.weights[k] = weights(k, o);
  }
  return place;
}

Expr sum_of(const Place& place, const std::function<Expr(const Expr&)>& element) {
  if (place.count == 1) return element(place.elements[0]);
  Expr sum = element(place.elements[0]) * place.weights[0];
  for (size_t k = 1; k < place.count; ++k) sum += element(place.elements[k]) * place.weights[k];
  return sum;
}

// Planar maps that become higher: a vector's pixels lie in other places of a row each, but of all rows in the
// same. So rows of the input are first made as wide as the result, each once for all rows of the result that
// are made of them: for a band of `height` rows of the result `rows` of them, on the stack.
struct Bands {
  int64_t height = 0, rows = 0;
};

Bands bands_of(const std::vector<ResampleTaps>& taps, int64_t width) {
  constexpr int64_t kMostHeight = 16, kMostOnStack = 16384;  // floats
  const auto output = static_cast<int64_t>(taps.size());
  for (int64_t height = std::min(kMostHeight, output); height > 1; height /= 2) {
    int64_t rows = 0;
    for (int64_t y = 0; y < output; y += height) {
      const ResampleTaps &first = taps[static_cast<size_t>(y)],
                         &last = taps[static_cast<size_t>(std::min(y + height, output) - 1)];
      rows = std::max(rows, last.elements[last.count - 1] - first.elements[0] + 1);
    }
    if (rows < height && rows * width <= kMostOnStack) return {height, rows};
  }
  return {};
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
  const Halide::ImageParam input = input_parameter(kernel, 0);
  const Coordinates at;
  const ResampleAxis rows = resample_rows(attributes, from.height, to.height);
  const ResampleAxis columns = resample_columns(attributes, from.width, to.width);
  const auto element = [&](const Expr& x, const Expr& y) { return input(at.lane, x, y, at.plane, at.image); };
  Halide::Func result("result");
  ScheduledKernel scheduled{result, {input}};
  const auto weights = [&](const char* name, int64_t outputs) {
    const Halide::ImageParam table = constant_parameter(name, {4, outputs});
    scheduled.arguments.push_back(table);
    return table;
  };
  Place column;
  std::function<Place(const Expr&)> row;
  const std::string& mode = word(attributes, "mode");
  if (mode == "nearest") {
    column = nearest_place(columns, at.x);
    row = [&](const Expr& y) { return nearest_place(rows, y); };
  } else if (mode == "bilinear") {
    column = linear_place(columns, at.x);
    row = [&](const Expr& y) { return linear_place(rows, y); };
  } else {
    const Halide::ImageParam row_weights = weights("row_weights", to.height);
    column = cubic_place(columns, weights("column_weights", to.width), at.x);
    row = [&rows, row_weights](const Expr& y) { return cubic_place(rows, row_weights, y); };
  }
  const auto widened = [&](const Expr& y) {
    return sum_of(column, [&](const Expr& x) { return element(x, y); });
  };
  const Bands bands = to.block == 1 ? bands_of(resample_taps(attributes, rows), to.width) : Bands{};
  if (bands.height == 0) {
    result(at.lane, at.x, at.y, at.plane, at.image) = sum_of(row(at.y), widened);
    constrain_result(result, kernel);
    schedule(result, at, kernel, target);
    schedule_tasks(result, kernel, {at.y, at.plane, at.image});
    return scheduled;
  }
  // Row k of a band's is the input's row k behind the first that the band is made of.
  const Halide::Var band("band"), k("k");
  const int height = static_cast<int>(bands.height), last = static_cast<int>(bands.rows) - 1;
  const auto first = [&](const Expr& of_band) { return row(of_band * height).elements[0]; };
  Halide::Func wide("wide");
  wide(at.x, k, band, at.lane, at.plane, at.image) =
      widened(Halide::min(first(band) + k, static_cast<int>(rows.input) - 1));
  const Expr of_row = at.y / height;
  result(at.lane, at.x, at.y, at.plane, at.image) = sum_of(row(at.y), [&](const Expr& y) {
    return wide(at.x, Halide::clamp(y - first(of_row), 0, last), of_row, at.lane, at.plane, at.image);
  });
  constrain_result(result, kernel);
  const int lanes = largest_vector(target, to.width);
  const Halide::Var inside("inside");
  result.split(at.y, at.y, inside, height, Halide::TailStrategy::GuardWithIf)
      .reorder(at.x, inside, at.lane, at.y, at.plane)
      .vectorize(at.x, lanes, Halide::TailStrategy::ShiftInwards);
  wide.compute_at(result, schedule_tasks(result, kernel, {at.y, at.plane, at.image}))
      .store_in(Halide::MemoryType::Stack)
      .bound_extent(k, last + 1)
      .bound_extent(at.x, static_cast<int>(to.width))
      .vectorize(at.x, lanes, Halide::TailStrategy::ShiftInwards);
  return scheduled;
}

}  // namespace cnnc
