// y = x min(max(x + 3, 0), 6) / 6 (Howard et al. 2019, MobileNetV3)
#include "ops/elementwise/elementwise.h"

namespace cnnc::ops {
namespace {

constexpr double kTurn = -1.5;  // the least value stands here

// The sum, the constant 1/6 and two products are rounded.
Element apply(const Attributes&, Element x) {
  return element_of([](double t) { return t * std::clamp(t + 3, 0.0, 6.0) / 6; }, x, 4, kTurn);
}

}  // namespace

extern const Operator hardswish = activation<apply>("hardswish", "the element times its hardsigmoid");

}  // namespace cnnc::ops
