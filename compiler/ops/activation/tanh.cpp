// y = tanh x
#include "ops/elementwise/elementwise.h"

namespace cnnc::ops {
namespace {

// A kernel's approximation may add 4 u + 8 u |y|: it is good to a few ulp of 1 near zero, and of y elsewhere.
Element apply(const Attributes&, Element x) {
  const Element y = element_of([](double t) { return std::tanh(t); }, x, 8);
  return {y.value, y.bound + 4 * kRoundoff};
}

}  // namespace

extern const Operator tanh = activation<apply>("tanh", "the hyperbolic tangent of the element");

}  // namespace cnnc::ops
