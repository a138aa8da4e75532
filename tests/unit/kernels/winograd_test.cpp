// Winograd's transforms and the error bound that goes with them.
#include "ops/contraction/winograd.h"

#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <stdexcept>

#include "ops/contraction/winograd_bound.h"
#include "ops/reference.h"
#include "ops/window/window.h"
#include "unit/ops/ops_fixture.h"

using namespace cnnc;
using namespace cnnc::testing;

namespace {

// All m and r that there are transforms for, each with its divisors in the filter and in the input.
std::vector<Winograd> all_transforms() {
  std::vector<Winograd> all;
  for (int m = 1; m <= 8; ++m)
    for (int r = 1; r <= 8; ++r)
      if (m + r - 1 >= 4 && m + r - 1 <= 8) {
        all.push_back(winograd(m, r));
        all.push_back(with_plain_filters(all.back()));
      }
  return all;
}

// Those that kernels use for whole filters.
std::vector<Winograd> tile_transforms() {
  std::vector<Winograd> all;
  for (const int m : {2, 4}) {
    all.push_back(winograd(m, 3));
    all.push_back(with_plain_filters(all.back()));
  }
  return all;
}

template <class T>
std::vector<T> times(const Matrix& matrix, const std::vector<T>& x) {
  std::vector<T> y;
  for (const std::vector<double>& row : matrix) {
    T sum = 0;
    for (size_t i = 0; i < x.size(); ++i) {
      const T term = static_cast<T>(row[i]) * x[i];
      sum += term;
    }
    y.push_back(sum);
  }
  return y;
}

// Σ over channels and columns in the transformed domain, in float as a kernel computes it: m rows of output o
// from row `first`, at column x. Weights are transformed in double and rounded once.
std::vector<float> float_band(const Winograd& t, const std::vector<float>& weight, int64_t o, int64_t inputs,
                              int64_t taps, const std::vector<float>& padded, const Shape& shape,
                              int64_t first, int64_t x) {
  std::vector<float> sums(static_cast<size_t>(t.points()));
  for (int64_t c = 0; c < inputs; ++c)
    for (int64_t s = 0; s < taps; ++s) {
      std::vector<double> filter;
      for (int64_t r = 0; r < t.taps; ++r)
        filter.push_back(weight[((o * inputs + c) * t.taps + r) * taps + s]);
      const std::vector<double> transformed_filter = times(t.filter, filter);
      std::vector<float> column;
      for (int64_t k = 0; k < t.points(); ++k)
        column.push_back(padded[(c * shape.height() + first + k) * shape.width() + x + s]);
      const std::vector<float> points = times(t.input, column);
      for (size_t p = 0; p < points.size(); ++p) {
        const float product = static_cast<float>(transformed_filter[p]) * points[p];
        sums[p] += product;
      }
    }
  return times(t.output, sums);
}

// The largest error of a conv by F(m, r) in units of what add_winograd_bounds allows it on its own, over all
// bands that a row can be computed in. No padding, no bias.
double worst_ratio(int m, int r, const Shape& input, const std::vector<float>& x, std::mt19937& random) {
  const int64_t taps = 3, outputs = 3;
  Node conv = make_node("conv", {{"channels", outputs}, {"filter", Sizes{r, taps}}, {"bias", false}}, {input},
                        random);
  const Reference expected = run(conv, {exact(x)}, {input});
  Reference bound = expected;
  bound.bounds.assign(bound.bounds.size(), 0);
  add_winograd_bounds(conv, window_of(conv.attributes, input), m, exact(x), bound);
  const Winograd transforms = winograd(m, r);
  const int64_t rows = conv.shape.height(), columns = conv.shape.width();
  double worst = 0;
  for (int64_t o = 0; o < outputs; ++o)
    for (int64_t first = 0; first + m <= rows; ++first)
      for (int64_t column = 0; column < columns; ++column) {
        const std::vector<float> band = float_band(transforms, values_of(conv, "weight"), o, input.channels(),
                                                   taps, x, input, first, column);
        for (int64_t a = 0; a < m; ++a) {
          const size_t at = static_cast<size_t>((o * rows + first + a) * columns + column);
          const double error = std::fabs(band[a] - expected.values[at]);
          if (error > 0) worst = std::max(worst, error / bound.bounds[at]);
        }
      }
  return worst;
}

}  // namespace

TEST_CASE("F(m, r) is a direct convolution") {
  std::mt19937 random(1);
  for (const Winograd& t : all_transforms())
    for (int round = 0; round < 20; ++round) {
      CAPTURE(t.outputs);
      CAPTURE(t.taps);
      const auto as_double = [](const std::vector<float>& v) {
        return std::vector<double>(v.begin(), v.end());
      };
      const std::vector<double> g = as_double(random_floats(t.taps, random)),
                                d = as_double(random_floats(t.points(), random));
      std::vector<double> products = times(t.filter, g);
      const std::vector<double> points = times(t.input, d);
      for (size_t p = 0; p < products.size(); ++p) products[p] *= points[p];
      const std::vector<double> y = times(t.output, products);
      REQUIRE(y.size() == static_cast<size_t>(t.outputs));
      for (int i = 0; i < t.outputs; ++i) {
        double direct = 0;
        for (int k = 0; k < t.taps; ++k) direct += g[k] * d[i + k];
        CHECK(std::fabs(y[i] - direct) < 1e-10);
      }
    }
}

TEST_CASE("there is no transform outside of 4 to 8 points") {
  CHECK_THROWS_AS(winograd(1, 3), std::logic_error);
  CHECK_THROWS_AS(winograd(6, 4), std::logic_error);
}

TEST_CASE("plain filters are transformed by powers of the points alone") {
  CHECK(with_plain_filters(winograd(4, 3)).filter ==
        Matrix{{1, 0, 0}, {1, 1, 1}, {1, -1, 1}, {1, 2, 4}, {1, -2, 4}, {0, 0, 1}});
}

TEST_CASE("opposite points share the even part of their inputs and differ in the sign of the odd part") {
  for (const Winograd& t : all_transforms()) {
    const size_t n = static_cast<size_t>(t.points());
    if (n % 2 != 0) continue;  // the last finite point has no opposite then
    CAPTURE(t.outputs);
    CAPTURE(t.taps);
    for (size_t p = 1; p + 2 < n; p += 2) {
      for (size_t l = 0; l < n; ++l) CHECK(t.input[p + 1][l] == (l % 2 == 0 ? 1 : -1) * t.input[p][l]);
      for (size_t a = 0; a < t.output.size(); ++a)
        CHECK(t.output[a][p + 1] == (a % 2 == 0 ? 1 : -1) * t.output[a][p]);
    }
  }
}

TEST_CASE("a conv by Winograd's transform in float stays within its bound, and uses a fair part of it") {
  for (const auto& [m, r] : {std::pair{2, 3}, {4, 3}, {2, 5}, {4, 5}}) {
    CAPTURE(m);
    CAPTURE(r);
    std::mt19937 random(2);
    double worst = 0;
    for (const int64_t channels : {1, 2, 17}) {
      const Shape input{channels, 11, 6};
      worst = std::max(worst, worst_ratio(m, r, input, random_floats(input.elements(), random), random));
    }
    CHECK(worst < 1);
    CHECK(worst > 0.001);
  }
}

// The same of F(m x m, 3 x 3) by the transforms t, for all tiles of a result: in float, as a kernel computes
// it.
double worst_tile_ratio(const Winograd& t, const Shape& input, const std::vector<float>& x,
                        std::mt19937& random) {
  const int64_t outputs = 3, m = t.outputs, n = m + 2, width = input.width();
  Node conv =
      make_node("conv", {{"channels", outputs}, {"filter", Sizes{3, 3}}, {"bias", false}}, {input}, random);
  const Reference expected = run(conv, {exact(x)}, {input});
  Reference bound = expected;
  bound.bounds.assign(bound.bounds.size(), 0);
  add_winograd_tile_bounds(conv, window_of(conv.attributes, input), m, exact(x), bound);
  const auto on_columns_and_rows = [](const Matrix& matrix, auto square) {  // rows of a square
    for (int side = 0; side < 2; ++side) {
      auto transposed = square;
      transposed.assign(square[0].size(), {});
      for (const auto& row : square)
        for (size_t i = 0; i < row.size(); ++i) transposed[i].push_back(row[i]);
      for (auto& row : transposed) row = times(matrix, row);
      square = transposed;
    }
    return square;
  };
  const std::vector<float>& weight = values_of(conv, "weight");
  const int64_t rows = conv.shape.height(), columns = conv.shape.width();
  double worst = 0;
  for (int64_t o = 0; o < outputs; ++o)
    for (int64_t ty = 0; ty < rows; ty += m)
      for (int64_t tx = 0; tx < columns; tx += m) {
        const int64_t y = std::min(ty, rows - m), left = std::min(tx, columns - m);
        std::vector<std::vector<float>> sums(n, std::vector<float>(n));
        for (int64_t c = 0; c < input.channels(); ++c) {
          std::vector<std::vector<float>> filter(3, std::vector<float>(3));
          for (int64_t k = 0; k < 9; ++k) filter[k / 3][k % 3] = weight[(o * input.channels() + c) * 9 + k];
          std::vector<std::vector<float>> tile(n, std::vector<float>(n));
          for (int64_t k = 0; k < n * n; ++k)
            tile[k / n][k % n] = x[(c * input.height() + y + k / n) * width + left + k % n];
          const auto points = on_columns_and_rows(t.input, tile);
          const auto weights = on_columns_and_rows(t.filter, filter);
          for (int64_t k = 0; k < n * n; ++k) {
            const float product = weights[k / n][k % n] * points[k / n][k % n];
            sums[k / n][k % n] += product;
          }
        }
        const auto result = on_columns_and_rows(t.output, sums);
        for (int64_t k = 0; k < m * m; ++k) {
          const size_t at = static_cast<size_t>((o * rows + y + k / m) * columns + left + k % m);
          const double error = std::fabs(result[k / m][k % m] - expected.values[at]);
          if (error > 0) worst = std::max(worst, error / bound.bounds[at]);
        }
      }
  return worst;
}

TEST_CASE("a conv by Winograd's transform of whole filters stays within its bound, and uses a part of it") {
  for (const Winograd& t : tile_transforms()) {
    CAPTURE(t.outputs);
    std::mt19937 random(4);
    double worst = 0;
    for (const int64_t channels : {1, 2, 17}) {
      const Shape input{channels, 11, 9};
      worst = std::max(worst, worst_tile_ratio(t, input, random_floats(input.elements(), random), random));
    }
    CHECK(worst < 1);
    CHECK(worst > 0.001);
  }
}

TEST_CASE("the bound of whole filters holds where elements that an output does not read are much larger") {
  for (const Winograd& t : tile_transforms()) {
    CAPTURE(t.outputs);
    std::mt19937 random(5);
    const Shape input{2, 12, 10};
    for (int64_t large = 0; large < 120; large += 7) {
      std::vector<float> x = random_floats(input.elements(), random);
      x[large] *= 1e6f;
      x[120 + large] *= 1e6f;
      CHECK(worst_tile_ratio(t, input, x, random) < 1);
    }
  }
}

TEST_CASE("the bound holds where a row that an output does not read is much larger than those that it does") {
  for (const auto& [m, r] : {std::pair{2, 3}, {4, 3}, {2, 5}, {4, 5}}) {
    CAPTURE(m);
    CAPTURE(r);
    std::mt19937 random(3);
    const Shape input{2, 14, 6};
    for (int64_t large = 0; large < input.height(); ++large) {
      std::vector<float> x = random_floats(input.elements(), random);
      for (int64_t c = 0; c < 2; ++c)
        for (int64_t column = 0; column < 6; ++column) x[(c * 14 + large) * 6 + column] *= 1e6f;
      CHECK(worst_ratio(m, r, input, x, random) < 1);
    }
  }
}
