// What softmax and log_softmax have in common: exponentials over the features of a vector, or the channels at
// each pixel of a map, and what float makes of their sum.
#pragma once
#include <vector>

#include "ops/elementwise.h"

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
};
Exponentials exponentials_of(const std::vector<Element>& x);

// function(Element x, Exponentials of all) -> Element, for each feature of a vector, or each channel at each
// pixel.
template <class Function>
Reference for_each_exponential(const Reference& input, const Shape& shape, Function function) {
  const int64_t plane = shape.height() * shape.width();
  Reference result{std::vector<double>(input.values.size()), std::vector<double>(input.values.size())};
  std::vector<Element> x(shape.channels());
  for (int64_t pixel = 0; pixel < plane; ++pixel) {
    for (size_t c = 0; c < x.size(); ++c) x[c] = element_at(input, c * plane + pixel);
    const Exponentials all = exponentials_of(x);
    for (size_t c = 0; c < x.size(); ++c) {
      const Element y = function(x[c], all);
      result.values[c * plane + pixel] = y.value;
      result.bounds[c * plane + pixel] = y.bound;
    }
  }
  return result;
}

// The error of the exponent of one term, x - m: the inputs' E and the rounding of the difference.
inline double exponent_error(Element x, const Exponentials& all) {
  return all.input_error + kRoundoff * (all.greatest - x.value + 2 * all.input_error);
}

}  // namespace cnnc
