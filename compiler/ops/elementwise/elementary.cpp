// y = e^x, y = log x, y = erf x, y = sin x, y = cos x
#include "ops/elementwise/elementwise.h"

namespace cnnc::ops {
namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();

// A kernel's e^x is good to 2 units in the last place.
Element apply_exp(const Attributes&, Element x) {
  return in_range_of_float(element_of([](double t) { return std::exp(t); }, x, 4));
}

// A kernel's logarithm is good to 3 units in the last place.
Element apply_log(const Attributes&, Element x) {
  return element_of([](double t) { return std::log(t); }, x, 6);
}

// A kernel's error function is good to 8 units in the last place.
Element apply_erf(const Attributes&, Element x) {
  return element_of([](double t) { return std::erf(t); }, x, 16);
}

// A sine or cosine of x, y. It changes by no more than its argument does. A kernel is good to 3 units in the
// last place, and beside that to the rounding of x in double, from which it takes multiples of pi; it gives
// numbers between -1 and 1 whatever x is, but for infinities.
Element of_angle(double y, Element x) {
  if (!std::isfinite(x.value)) return {y, 0};
  if (!std::isfinite(x.bound)) return {y, kInfinite};
  const double reduction = 0x1p-51 * (std::fabs(x.value) + x.bound);
  return {y, std::min(x.bound + rounding(6, std::fabs(y) + std::min(x.bound, 1.0)) + reduction, 2.0)};
}

Element apply_sin(const Attributes&, Element x) {
  return of_angle(std::sin(x.value), x);
}

Element apply_cos(const Attributes&, Element x) {
  return of_angle(std::cos(x.value), x);
}

}  // namespace

extern const Operator cos = activation<apply_cos>("cos", "the cosine of the element");

extern const Operator erf = activation<apply_erf>("erf", "the error function of the element");

extern const Operator exp = activation<apply_exp>("exp", "e to the power of the element");

extern const Operator log = activation<apply_log>("log", "the natural logarithm of the element");

extern const Operator sin = activation<apply_sin>("sin", "the sine of the element");

}  // namespace cnnc::ops
