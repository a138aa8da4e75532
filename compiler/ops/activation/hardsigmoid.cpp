// y = min(max(slope x + offset, 0), 1). PyTorch and MobileNetV3 (Howard et al. 2019) have a slope of 1/6,
// Keras (Courbariaux et al. 2015, BinaryConnect) and PaddleOCR 0.2.
#include "ops/activation/hardsigmoid.h"

#include "ops/elementwise/elementwise.h"

namespace cnnc::ops {
namespace {

// The sum, the constant 1/6 and the product are rounded.
Element in_sixths(Element x) {
  return element_of([](double t) { return std::clamp(t + 3, 0.0, 6.0) / 6; }, x, 3);
}

// The product and the sum are rounded. Where that shows, the product is no greater than |offset| + 1.
Element apply(const Attributes& a, Element x) {
  if (is_in_sixths(a)) return in_sixths(x);
  const double slope = float_of(a, "slope"), offset = float_of(a, "offset");
  const Element y = element_of([=](double t) { return std::clamp(slope * t + offset, 0.0, 1.0); }, x, 0);
  return {y.value, y.bound + rounding(2, std::fabs(offset) + 1)};
}

AttributeRule number(std::string_view name, double usual) {
  return {name, AttributeKind::real, false, usual, -kGreatestFloat, kGreatestFloat};
}

}  // namespace

extern const Operator hardsigmoid = activation<apply>("hardsigmoid", "a sigmoid of three straight pieces",
                                                      {number("slope", 1.0 / 6), number("offset", 0.5)});

}  // namespace cnnc::ops
