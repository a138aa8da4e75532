#include <algorithm>
#include <cmath>

#include "ops/contraction/winograd.h"
#include "ops/contraction/winograd_bound.h"
#include "ops/reference.h"
#include "support/parallel.h"

namespace cnnc {

namespace {

Matrix magnitudes_of(Matrix matrix) {
  for (std::vector<double>& row : matrix)
    for (double& value : row) value = std::fabs(value);
  return matrix;
}

// left · square · leftᵀ of a matrix of n x n, row by row.
std::vector<double> on_both_sides(const Matrix& left, const std::vector<double>& square) {
  const size_t rows = left.size(), n = left[0].size();
  std::vector<double> half(rows * n), result(rows * rows);
  for (size_t a = 0; a < rows; ++a)
    for (size_t l = 0; l < n; ++l)
      for (size_t k = 0; k < n; ++k) half[a * n + k] += left[a][l] * square[l * n + k];
  for (size_t a = 0; a < rows; ++a)
    for (size_t b = 0; b < rows; ++b)
      for (size_t k = 0; k < n; ++k) result[a * rows + b] += half[a * n + k] * left[b][k];
  return result;
}

// The tiles of a result, and what they read.
struct Tiling {
  int64_t m, n, across, down;
  const Window& window;
  int64_t count() const { return across * down; }
  int64_t x(int64_t tile) const { return std::min(tile % across * m, window.width.output - m); }
  int64_t y(int64_t tile) const { return std::min(tile / across * m, window.height.output - m); }
};

// |x| of what a tile reads of a channel: n x n, 0 on the padding.
std::vector<double> magnitudes_read(const Tiling& tiling, int64_t tile, const double* channel) {
  const WindowAxis &height = tiling.window.height, &width = tiling.window.width;
  std::vector<double> read(static_cast<size_t>(tiling.n * tiling.n));
  for (int64_t l = 0; l < tiling.n; ++l)
    for (int64_t k = 0; k < tiling.n; ++k) {
      const int64_t y = tiling.y(tile) + l - height.pad_before, x = tiling.x(tile) + k - width.pad_before;
      if (y >= 0 && y < height.input && x >= 0 && x < width.input)
        read[l * tiling.n + k] = std::fabs(channel[y * width.input + x]);
    }
  return read;
}

// |input| · |x| · |input|ᵀ by channel, tile and point.
std::vector<double> transformed_magnitudes(const Tiling& tiling, int64_t channels, const Matrix& transform,
                                           const std::vector<double>& x) {
  const int64_t points = tiling.n * tiling.n, map = tiling.window.height.input * tiling.window.width.input;
  std::vector<double> result(static_cast<size_t>(channels * tiling.count() * points));
  in_parallel(channels, [&](int64_t c) {
    for (int64_t tile = 0; tile < tiling.count(); ++tile) {
      const std::vector<double> square = on_both_sides(transform, magnitudes_read(tiling, tile, &x[c * map]));
      std::copy(square.begin(), square.end(), &result[(c * tiling.count() + tile) * points]);
    }
  });
  return result;
}

// The sums over channels for one output channel, whose filters begin at `weight`, by tile and point.
std::vector<double> sums_of(const Tiling& tiling, int64_t channels, const Matrix& transform,
                            const float* weight, const std::vector<double>& magnitudes) {
  const int64_t points = tiling.n * tiling.n, count = tiling.count() * points;
  std::vector<double> sums(static_cast<size_t>(count));
  for (int64_t c = 0; c < channels; ++c) {
    std::vector<double> filter(weight + c * 9, weight + c * 9 + 9);
    for (double& value : filter) value = std::fabs(value);
    filter = on_both_sides(transform, filter);
    const double* from = &magnitudes[c * count];
    for (int64_t i = 0; i < count; ++i) sums[i] += filter[i % points] * from[i];
  }
  return sums;
}

// The greatest, over the tiles that an element is in, of the output transform's magnitudes.
std::vector<double> greatest_over_tiles(const Tiling& tiling, const Matrix& transform,
                                        const std::vector<double>& sums) {
  const int64_t m = tiling.m, points = tiling.n * tiling.n, width = tiling.window.width.output;
  std::vector<double> greatest(static_cast<size_t>(tiling.window.height.output * width));
  for (int64_t tile = 0; tile < tiling.count(); ++tile) {
    const std::vector<double> square =
        on_both_sides(transform, {sums.begin() + tile * points, sums.begin() + (tile + 1) * points});
    for (int64_t a = 0; a < m; ++a)
      for (int64_t b = 0; b < m; ++b) {
        double& g = greatest[(tiling.y(tile) + a) * width + tiling.x(tile) + b];
        g = std::max(g, square[a * m + b]);
      }
  }
  return greatest;
}

}  // namespace

void add_winograd_tile_bounds(const Node& conv, const Window& w, int64_t m, const Reference& input,
                              Reference& result) {
  const int64_t n = m + 2;
  const Winograd transforms = winograd(static_cast<int>(m), 3);
  const Matrix filter = magnitudes_of(transforms.filter), output = magnitudes_of(transforms.output);
  const Tiling tiling{m, n, (w.width.output + m - 1) / m, (w.height.output + m - 1) / m, w};
  const std::vector<float>& weight = values_of(conv, "weight");
  const int64_t outputs = conv.shape.channels(), inputs = static_cast<int64_t>(weight.size()) / outputs / 9;
  const std::vector<double> magnitudes =
      transformed_magnitudes(tiling, inputs, magnitudes_of(transforms.input), greatest_magnitudes(input));
  in_parallel(outputs, [&](int64_t o) {
    const std::vector<double> added = greatest_over_tiles(
        tiling, output, sums_of(tiling, inputs, filter, &weight[o * inputs * 9], magnitudes));
    for (size_t i = 0; i < added.size(); ++i)
      result.bounds[static_cast<size_t>(o) * added.size() + i] += rounding(inputs + 6 * n + 6, added[i]);
  });
}

}  // namespace cnnc
