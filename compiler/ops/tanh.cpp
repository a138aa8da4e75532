// y = tanh x
#include <algorithm>
#include <cmath>

#include "ops/elementwise.h"
#include "ops/reference.h"

namespace cnnc::ops {
namespace {

// An error e of x becomes at most slope * e, with the greatest slope, 1 - tanh^2, within e of x. A kernel's
// approximation may add 4 u + 8 u |y|: it is good to a few ulp of 1 near zero, and of y elsewhere.
Element apply(Element x) {
  const double y = std::tanh(x.value);
  const double nearest_zero = std::tanh(std::max(std::fabs(x.value) - x.bound, 0.0));
  return {y, (1 - nearest_zero * nearest_zero) * x.bound + kRoundoff * (4 + 8 * std::fabs(y))};
}

Reference evaluate(const Node&, const std::vector<const Reference*>& inputs, const std::vector<Shape>&) {
  return for_each_element(*inputs.at(0), apply);
}

}  // namespace

extern const Operator tanh = {"tanh",
                              "the hyperbolic tangent of the element",
                              Pattern::elementwise,
                              1,
                              {},
                              infer_same,
                              nullptr,
                              nullptr,
                              nullptr,
                              evaluate};

}  // namespace cnnc::ops
