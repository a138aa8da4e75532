#include "kernels/winograd_transforms.h"

namespace cnnc {

using Halide::Expr;

namespace {

// The sum of the terms with coefficients other than 0; undefined if there is none.
Expr weighted_sum(const std::vector<double>& coefficients, const std::vector<Expr>& terms, size_t first,
                  size_t step) {
  Expr sum;
  for (size_t i = first; i < terms.size(); i += step) {
    if (coefficients[i] == 0) continue;
    const float c = static_cast<float>(coefficients[i]);
    const Expr term = c == 1 ? terms[i] : terms[i] * c;
    sum = sum.defined() ? sum + term : term;
  }
  return sum;
}

}  // namespace

std::vector<Expr> transform_input(const Winograd& w, const std::vector<Expr>& d) {
  std::vector<Expr> points;
  const size_t n = d.size();
  for (size_t p = 0; p < n; ++p) {
    const bool paired = p > 0 && p + 1 < n;
    const std::vector<double>& row = w.input[paired && p % 2 == 0 ? p - 1 : p];
    const Expr even = weighted_sum(row, d, 0, 2), odd = weighted_sum(row, d, 1, 2);
    if (!even.defined() || !odd.defined())
      points.push_back(even.defined() ? even : odd);
    else
      points.push_back(paired && p % 2 == 0 ? even - odd : even + odd);
  }
  return points;
}

std::vector<Expr> transform_filter(const Winograd& w, const std::vector<Expr>& g) {
  std::vector<Expr> points;
  for (const std::vector<double>& row : w.filter) points.push_back(weighted_sum(row, g, 0, 1));
  return points;
}

std::vector<Expr> transform_output(const Winograd& w, const std::vector<Expr>& s) {
  std::vector<Expr> rows;
  const size_t n = s.size();
  for (size_t a = 0; a < w.output.size(); ++a) {
    Expr row = a == 0 ? s[0] : Expr();
    for (size_t p = 1; p + 2 < n; p += 2) {
      const Expr pair = a % 2 == 0 ? s[p] + s[p + 1] : s[p] - s[p + 1];
      const float c = static_cast<float>(w.output[a][p]);
      const Expr term = c == 1 ? pair : pair * c;
      row = row.defined() ? row + term : term;
    }
    rows.push_back(w.output[a][n - 1] == 0 ? row : row + s[n - 1]);
  }
  return rows;
}

}  // namespace cnnc
