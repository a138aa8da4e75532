// x FACTOR + OFFSET: two numbers for all elements.
#include "ops/elementwise/elementwise.h"

namespace cnnc::ops {
namespace {

// The product and the sum are rounded, or both at once.
Element apply(const Attributes& a, Element x) {
  const double factor = float_of(a, "factor"), offset = float_of(a, "offset");
  const double product = std::fabs(factor) * (std::fabs(x.value) + x.bound);
  return product_with_error(factor * x.value + offset, may_be_zero(x), std::fabs(factor) * x.bound,
                            rounding(2, product + std::fabs(offset)));
}

}  // namespace

extern const Operator affine = activation<apply>(
    "affine", "the element times one number, plus another",
    {{"factor", AttributeKind::real, true, std::nullopt, -kGreatestFloat, kGreatestFloat, "2"},
     {"offset", AttributeKind::real, true, 0.0, -kGreatestFloat, kGreatestFloat, "1"}},
    cheap_facts());

}  // namespace cnnc::ops
