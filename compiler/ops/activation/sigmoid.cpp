// y = 1 / (1 + e^-x)
#include "ops/elementwise/elementwise.h"

namespace cnnc::ops {
namespace {

// A kernel's approximation is good to 4 units in the last place, each at most 2 u |y|.
Element apply(const Attributes&, Element x) {
  const Element y = element_of([](double t) { return 1 / (1 + std::exp(-t)); }, x, 8);
  return {y.value, y.bound + kSigmoidTail};
}

}  // namespace

extern const Operator sigmoid = activation<apply>("sigmoid", "the logistic function of the element");

}  // namespace cnnc::ops
