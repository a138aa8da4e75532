// y = x where x > 0, else alpha (e^(x / alpha) - 1) (Barron 2017, Continuously Differentiable Exponential
// Linear Units)
#include "ops/elementwise/elementwise.h"

namespace cnnc::ops {
namespace {

// A kernel multiplies by 1 / alpha, which is rounded, as the product is; its e^z - 1 is good to 3 units in
// the last place, and the product with alpha is rounded. A z below the least normal float may be 0.
Element apply(const Attributes& a, Element x) {
  const double alpha = float_of(a, "alpha");
  const Element y = element_of([=](double t) { return t > 0 ? t : alpha * std::expm1(t / alpha); }, x, 9);
  return {y.value, y.bound + 2 * kLeastNormal * alpha};
}

}  // namespace

extern const Operator celu =
    activation<apply>("celu", "the element where it is positive, else 'alpha' (e^(x / alpha) - 1)",
                      {{"alpha", AttributeKind::real, false, 1.0, 1e-30, 1e30}});

}  // namespace cnnc::ops
