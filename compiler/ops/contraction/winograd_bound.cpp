#include "ops/contraction/winograd_bound.h"

#include <algorithm>
#include <cmath>

#include "ops/contraction/winograd.h"
#include "ops/reference.h"
#include "support/parallel.h"

namespace cnnc {

namespace {

// The sizes of one conv by Winograd.
struct Sizes {
  int64_t inputs, rows, columns, taps;  // channels; rows and columns of the result; columns of the filter
  int64_t points, starts;               // rows at which a band can begin
  int64_t row(int64_t channel, int64_t point, int64_t start) const {
    return (channel * points + point) * starts + start;
  }
};

// Σ_l |input_pl| · |x[c, start + l, x]| by channel, point, start and input column.
std::vector<double> transformed_magnitudes(const Sizes& n, const Window& w, const Winograd& transforms,
                                           const std::vector<double>& x) {
  const int64_t height = w.height.input, width = w.width.input;
  std::vector<double> result(static_cast<size_t>(n.inputs * n.points * n.starts * width));
  for (int64_t c = 0; c < n.inputs; ++c)
    for (int64_t p = 0; p < n.points; ++p)
      for (int64_t start = 0; start < n.starts; ++start)
        for (int64_t l = 0; l < n.points; ++l) {
          const int64_t row = start + l - w.height.pad_before;
          const double factor = std::fabs(transforms.input[p][l]);
          if (factor == 0 || row < 0 || row >= height) continue;
          double* to = &result[n.row(c, p, start) * width];
          const double* from = &x[(c * height + row) * width];
          for (int64_t i = 0; i < width; ++i) to[i] += factor * std::fabs(from[i]);
        }
  return result;
}

// |filter · w[·]| of a filter's column, whose elements lie `stride` apart.
std::vector<double> transformed_column(const Winograd& transforms, const float* column, int64_t stride) {
  std::vector<double> points;
  for (const std::vector<double>& row : transforms.filter) {
    double sum = 0;
    for (size_t k = 0; k < row.size(); ++k) sum += row[k] * column[static_cast<int64_t>(k) * stride];
    points.push_back(std::fabs(sum));
  }
  return points;
}

// The sums over channels and filter columns for one output channel, by point, start and output column.
std::vector<double> sums_of(const Sizes& n, const Window& w, const Winograd& transforms, const float* weight,
                            const std::vector<double>& magnitudes) {
  std::vector<double> sums(static_cast<size_t>(n.points * n.starts * n.columns));
  for (int64_t c = 0; c < n.inputs; ++c)
    for (int64_t s = 0; s < n.taps; ++s) {
      const std::vector<double> u =
          transformed_column(transforms, weight + c * transforms.taps * n.taps + s, n.taps);
      const Tap tap = tap_of(w.width, s);
      for (int64_t p = 0; p < n.points; ++p)
        for (int64_t start = 0; start < n.starts; ++start) {
          double* to = &sums[n.row(0, p, start) * n.columns];
          const double* from = &magnitudes[n.row(c, p, start) * w.width.input];
          for (int64_t x = tap.begin; x < tap.end; ++x) to[x] += u[p] * from[x + tap.offset];
        }
    }
  return sums;
}

// The greatest, over the bands that a row can be part of, of the output transform's magnitudes; by row and
// column.
std::vector<double> greatest_over_bands(const Sizes& n, const Winograd& transforms,
                                        const std::vector<double>& sums) {
  std::vector<double> greatest(static_cast<size_t>(n.rows * n.columns));
  for (int64_t start = 0; start < n.starts; ++start)
    for (int64_t a = 0; a < transforms.outputs; ++a)
      for (int64_t x = 0; x < n.columns; ++x) {
        double sum = 0;
        for (int64_t p = 0; p < n.points; ++p)
          sum += std::fabs(transforms.output[a][p]) * sums[n.row(0, p, start) * n.columns + x];
        double& g = greatest[(start + a) * n.columns + x];
        g = std::max(g, sum);
      }
  return greatest;
}

}  // namespace

void add_bounds_of(const WinogradTransform& transform, const Node& conv, const Shape& shape,
                   const Reference& input, Reference& result) {
  const Window window = window_of(conv.attributes, shape);
  if (transform.of == WinogradTransform::Of::columns)
    add_winograd_bounds(conv, window, transform.outputs, input, result);
  else
    add_winograd_tile_bounds(conv, window, transform.outputs, input, result);
}

void add_winograd_bounds(const Node& conv, const Window& w, int64_t m, const Reference& input,
                         Reference& result) {
  const Winograd transforms = winograd(static_cast<int>(m), static_cast<int>(w.height.filter));
  const std::vector<float>& weight = values_of(conv, "weight");
  const int64_t outputs = conv.shape.channels(), filter = static_cast<int64_t>(weight.size()) / outputs;
  const Sizes n{filter / (w.height.filter * w.width.filter),
                w.height.output,
                w.width.output,
                w.width.filter,
                transforms.points(),
                w.height.output - m + 1};
  const std::vector<double> magnitudes = transformed_magnitudes(n, w, transforms, greatest_magnitudes(input));
  const int64_t roundings = n.inputs * n.taps + 3 * n.points + 3;
  in_parallel(outputs, [&](int64_t o) {
    const std::vector<double> added =
        greatest_over_bands(n, transforms, sums_of(n, w, transforms, &weight[o * filter], magnitudes));
    for (size_t i = 0; i < added.size(); ++i)
      result.bounds[static_cast<size_t>(o) * added.size() + i] += rounding(roundings, added[i]);
  });
}

}  // namespace cnnc
