#include "ops/contraction/winograd.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <stdexcept>

namespace cnnc {

namespace {

// The coefficients of Π (x - a) over all points but number `without`, lowest power first.
std::vector<double> polynomial(const std::vector<double>& points, size_t without) {
  std::vector<double> coefficients = {1};
  for (size_t l = 0; l < points.size(); ++l) {
    if (l == without) continue;
    coefficients.push_back(0);
    for (size_t k = coefficients.size() - 1; k > 0; --k)
      coefficients[k] = coefficients[k - 1] - points[l] * coefficients[k];
    coefficients[0] *= -points[l];
  }
  return coefficients;
}

}  // namespace

Winograd winograd(int outputs, int taps) {
  const size_t m = static_cast<size_t>(outputs), r = static_cast<size_t>(taps), n = m + r - 1;
  const std::vector<double> all_points = {0, 1, -1, 2, -2, 0.5, -0.5};
  if (n < 4 || n > all_points.size() + 1) throw std::logic_error("no Winograd transform of this size");
  const std::vector<double> points(all_points.begin(),
                                   all_points.begin() + static_cast<std::ptrdiff_t>(n - 1));
  Winograd w{outputs, taps, Matrix(m, std::vector<double>(n)), Matrix(n, std::vector<double>(r)),
             Matrix(n, std::vector<double>(n))};
  for (size_t j = 0; j + 1 < n; ++j) {
    double divisor = 1;
    for (size_t l = 0; l + 1 < n; ++l)
      if (l != j) divisor *= points[j] - points[l];
    for (size_t i = 0; i < m; ++i) w.output[i][j] = std::pow(points[j], static_cast<double>(i));
    for (size_t k = 0; k < r; ++k) w.filter[j][k] = std::pow(points[j], static_cast<double>(k)) / divisor;
    const std::vector<double> row = polynomial(points, j);
    std::copy(row.begin(), row.end(), w.input[j].begin());
  }
  w.output[m - 1][n - 1] = w.filter[n - 1][r - 1] = 1;
  w.input[n - 1] = polynomial(points, points.size());
  return w;
}

Winograd with_plain_filters(Winograd w) {
  for (size_t j = 0; j + 1 < w.filter.size(); ++j) {
    const double scale = w.filter[j][0];
    for (double& value : w.filter[j]) value /= scale;
    for (double& value : w.input[j]) value *= scale;
  }
  return w;
}

}  // namespace cnnc
