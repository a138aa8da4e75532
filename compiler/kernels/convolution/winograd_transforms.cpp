#include "kernels/convolution/winograd_transforms.h"

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

// matrix · terms, whose rows 2k - 1 and 2k agree in one half of the columns and differ in sign in the other.
std::vector<Expr> transform_pairs(const Matrix& matrix, const std::vector<Expr>& terms) {
  std::vector<Expr> points;
  const size_t n = matrix.size();
  for (size_t p = 0; p < n; ++p) {
    const bool paired = p > 0 && p + 1 < n;
    const std::vector<double>& row = matrix[paired && p % 2 == 0 ? p - 1 : p];
    const Expr even = weighted_sum(row, terms, 0, 2), odd = weighted_sum(row, terms, 1, 2);
    if (!even.defined() || !odd.defined())
      points.push_back(even.defined() ? even : odd);
    else
      points.push_back(paired && p % 2 == 0 ? even - odd : even + odd);
  }
  return points;
}

}  // namespace

std::vector<Expr> transform_input(const Winograd& w, const std::vector<Expr>& d) {
  return transform_pairs(w.input, d);
}

std::vector<Expr> transform_filter(const Winograd& w, const std::vector<Expr>& g) {
  return transform_pairs(w.filter, g);
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
