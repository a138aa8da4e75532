// y = min(max(x + 3, 0), 6) / 6
#include "ops/elementwise.h"

namespace cnnc::ops {
namespace {

// The sum, the constant 1/6 and the product are rounded.
Element apply(const Attributes&, Element x) {
  return element_of([](double t) { return std::clamp(t + 3, 0.0, 6.0) / 6; }, x, 3);
}

}  // namespace

extern const Operator hardsigmoid = activation<apply>("hardsigmoid", "a sigmoid of three straight pieces");

}  // namespace cnnc::ops
