// y = log(1 + e^(beta x)) / beta; x itself where beta x > threshold
#include "ops/elementwise/elementwise.h"

namespace cnnc::ops {
namespace {

// log(1 + e^z)
double smooth(double z) {
  return std::max(z, 0.0) + std::log1p(std::exp(-std::fabs(z)));
}

// What the value falls by at the threshold, if a float computation may be on its other side there.
double jump_near(Element x, double beta, double threshold) {
  const double reach = beta * x.bound + kRoundoff * std::fabs(threshold);
  return std::fabs(beta * x.value - threshold) > reach ? 0 : (smooth(threshold) - threshold) / beta;
}

// A kernel rounds z = beta x, whose error counts as much as that of x, then computes the logarithm to 12 u
// and adds it to max(z, 0). Below -87 its e^z may be 0.
Element apply(const Attributes& a, Element x) {
  const double beta = float_of(a, "beta"), threshold = float_of(a, "threshold");
  const Element rounded{x.value, x.bound + kRoundoff * (std::fabs(x.value) + x.bound)};
  const Element y =
      element_of([=](double t) { return beta * t > threshold ? t : smooth(beta * t) / beta; }, rounded, 15);
  return {y.value, y.bound + jump_near(rounded, beta, threshold) + 2 * kLeastNormal / beta};
}

}  // namespace

extern const Operator softplus =
    activation<apply>("softplus", "a smooth relu: log(1 + e^x)",
                      {{"beta", AttributeKind::real, false, 1.0, 1e-6, 1e6},
                       {"threshold", AttributeKind::real, false, 20.0, -kGreatestFloat, kGreatestFloat}});

}  // namespace cnnc::ops
