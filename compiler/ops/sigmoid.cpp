// y = 1 / (1 + e^-x)
#include <algorithm>
#include <cmath>

#include "ops/elementwise.h"
#include "ops/reference.h"

namespace cnnc::ops {
namespace {

double sigmoid_of(double x) {
  return 1 / (1 + std::exp(-x));
}

// An error e of x becomes at most slope * e, with the greatest slope, y (1 - y), within e of x. A kernel's
// approximation may add 4 u + 8 u |y|.
Element apply(Element x) {
  const double y = sigmoid_of(x.value);
  const double steepest = sigmoid_of(std::max(std::fabs(x.value) - x.bound, 0.0));
  return {y, steepest * (1 - steepest) * x.bound + kRoundoff * (4 + 8 * y)};
}

Reference evaluate(const Node&, const std::vector<const Reference*>& inputs, const std::vector<Shape>&) {
  return for_each_element(*inputs.at(0), apply);
}

}  // namespace

extern const Operator sigmoid = {"sigmoid",
                                 "the logistic function of the element",
                                 Pattern::elementwise,
                                 1,
                                 {},
                                 infer_same,
                                 nullptr,
                                 nullptr,
                                 nullptr,
                                 evaluate};

}  // namespace cnnc::ops
