// y = -x, y = x^2, y = 1 / x, y = sqrt x: one instruction each, which IEEE 754 says is rounded once.
#include "ops/elementwise/elementwise.h"

namespace cnnc::ops {
namespace {

Element apply_neg(const Attributes&, Element x) {
  return element_of([](double t) { return -t; }, x, 0);
}

Element apply_square(const Attributes&, Element x) {
  return in_range_of_float(element_of([](double t) { return t * t; }, x, 1));
}

// Around the pole it may be any number.
Element apply_reciprocal(const Attributes&, Element x) {
  if (x.bound > 0 && std::fabs(x.value) <= x.bound)
    return {1 / x.value, std::numeric_limits<double>::infinity()};
  return in_range_of_float(element_of([](double t) { return 1 / t; }, x, 1));
}

Element apply_sqrt(const Attributes&, Element x) {
  return element_of([](double t) { return std::sqrt(t); }, x, 1);
}

}  // namespace

extern const Operator neg = activation<apply_neg>("neg", "the negative of the element", {}, cheap_facts());

extern const Operator reciprocal = activation<apply_reciprocal>("reciprocal", "1 divided by the element");

extern const Operator sqrt = activation<apply_sqrt>("sqrt", "the square root of the element");

extern const Operator square =
    activation<apply_square>("square", "the product of the element with itself", {}, cheap_facts());

}  // namespace cnnc::ops
