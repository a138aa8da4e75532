// p[i] = exp(x[i] - m) / sum over j of exp(x[j] - m), m the greatest x, over the features of a vector.
#include <algorithm>
#include <cmath>

#include "ops/checks.h"
#include "ops/reference.h"

namespace cnnc::ops {
namespace {

OperatorResult<Shape> infer(const Attributes&, const std::vector<Shape>& inputs) {
  if (auto error = want_vector("softmax", inputs.at(0))) return *error;
  return inputs[0];
}

// A kernel's exp: its relative error, in roundings.
constexpr int kExp = 4;

// Every computed p[i] is the exact one times exp(±r), r the sum of what follows; so its error is at most
// p[i] (exp(r) - 1), and at most 1.
//   2 E                   the inputs' error, E = max e: x[i] by E, and the logarithm of the sum by E
//   u (d[i] + 2 E)        rounding of x[i] - m, an absolute error of the exponent; d[i] = |x[i] - m|
//   u kExp                exp
//   u (mean d + 2 E + kExp)   the same of the sum, whose terms weigh p[j]: mean d = sum p[j] d[j]
//   gamma(n - 1) + 2 u    the sum's additions; division, or reciprocal and product
// Below the least normal float exp may give zero or stop falling: an absolute error, of each term and of the
// quotient.
double log_error(double distance, double mean_distance, double input_error, int64_t n) {
  return 2 * input_error + kRoundoff * (distance + mean_distance + 4 * input_error + 2 * kExp + 2) +
         gamma_k(n - 1);
}

Reference evaluate(const Node&, const std::vector<const Reference*>& inputs, const std::vector<Shape>&) {
  const auto& x = inputs.at(0)->values;
  const double m = *std::max_element(x.begin(), x.end());
  const double input_error = *std::max_element(inputs[0]->bounds.begin(), inputs[0]->bounds.end());
  const int64_t n = x.size();
  double sum = 0, distances = 0;
  for (double v : x) {
    sum += std::exp(v - m);
    distances += std::exp(v - m) * (m - v);
  }
  Reference result;
  for (double v : x) {
    const double p = std::exp(v - m) / sum;
    const double r = log_error(m - v, distances / sum, input_error, n);
    // p exp(r) in one exponential where r is large: p may be 0 and exp(r) infinite.
    const double error = r < 1 ? p * std::expm1(r) : std::exp(v - m + r) / sum;
    result.values.push_back(p);
    result.bounds.push_back(std::min(error, 1.0) + 2 * (n + 1) * kLeastNormal);
  }
  return result;
}

}  // namespace

extern const Operator softmax = {"softmax",
                                 "features to probabilities that add up to one",
                                 Pattern::custom,
                                 1,
                                 {},
                                 infer,
                                 nullptr,
                                 nullptr,
                                 nullptr,
                                 evaluate};

}  // namespace cnnc::ops
