// What softmax and log_softmax have in common: exponentials over the features of a vector, or the channels at
// each pixel of a map, and what float makes of their sum.
#pragma once
#include <cmath>
#include <vector>

#include "ops/axes.h"
#include "ops/elementwise/elementwise.h"

namespace cnnc {

// A kernel's exp: its relative error, in roundings.
constexpr int kExp = 4;

// Of x[1] … x[n], with m the greatest of them and d[i] = m - x[i].
struct Exponentials {
  double greatest;     // m
  double sum;          // of e^-d[j]
  double input_error;  // E, the greatest error of an x
  // Computed, the sum is the exact one times e^±r, r the sum of
  //   E                        of the inputs
  //   u (mean d + 2 E + kExp)  rounding of d[j] and exp in the terms, which weigh p[j]: mean d = sum p[j]
  //   d[j] gamma(n - 1)             the additions
  double sum_error;
  // Below the least normal float exp may give zero or stop falling: an absolute error of the sum.
  double underflow;

  // Whether what becomes of x hangs on no error: where it is minus infinity, e^x is 0; where the greatest is
  // an infinity, the sum is no number.
  bool is_exactly_known(Element x) const {
    return std::isfinite(input_error) && (std::isinf(x.value) || std::isinf(greatest));
  }
};
Exponentials exponentials_of(const std::vector<Element>& x);

// function(Element x, Exponentials of all along the axis) -> Element, for each element.
template <class Function>
Reference for_each_exponential(const Reference& input, const Shape& shape, int64_t axis, Function function) {
  const Along along = along_of(shape, axis);
  Reference result{std::vector<double>(input.values.size()), std::vector<double>(input.values.size())};
  std::vector<Element> x(static_cast<size_t>(along.size));
  for (int64_t i = 0; i < along.outer * along.inner; ++i) {
    const int64_t first = i / along.inner * along.size * along.inner + i % along.inner;
    for (size_t c = 0; c < x.size(); ++c)
      x[c] = element_at(input, first + static_cast<int64_t>(c) * along.inner);
    const Exponentials all = exponentials_of(x);
    for (size_t c = 0; c < x.size(); ++c) {
      const Element y = function(x[c], all);
      const size_t at = static_cast<size_t>(first) + c * static_cast<size_t>(along.inner);
      result.values[at] = y.value;
      result.bounds[at] = y.bound;
    }
  }
  return result;
}

// The shape rule and the attribute "along": the axis, of a map or vector its channels or features unless it
// is written.
OperatorResult<Shape> infer_along(const Attributes& attributes, const std::vector<Shape>& inputs);
AttributeRule along_rule();

// The error of the exponent of one term, x - m: the inputs' E and the rounding of the difference.
inline double exponent_error(Element x, const Exponentials& all) {
  return all.input_error + kRoundoff * (all.greatest - x.value + 2 * all.input_error);
}

}  // namespace cnnc
