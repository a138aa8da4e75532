// y = x tanh(log(1 + e^x)) (Misra 2020)
#include "ops/elementwise/elementwise.h"

namespace cnnc::ops {
namespace {

constexpr double kTurn = -1.1924312145011186;  // the least value stands here

// A kernel may compute x n / (n + 2) with n = w (w + 2), w = e^x, in which the relative error of w, 2 units
// in the last place, counts at most twice: 8 u, and 6 roundings. Below -87 its w may be 0.
Element apply(const Attributes&, Element x) {
  const Element y = element_of([](double t) { return t * std::tanh(std::log1p(std::exp(t))); }, x, 14, kTurn);
  return {y.value, y.bound + (std::fabs(x.value) + x.bound) * 2 * kLeastNormal};
}

}  // namespace

extern const Operator mish =
    activation<apply>("mish", "the element times the hyperbolic tangent of its softplus");

}  // namespace cnnc::ops
