// y = x / (1 + e^-x) (Elfwing et al. 2018; also called swish)
#include "ops/elementwise/elementwise.h"

namespace cnnc::ops {
namespace {

constexpr double kTurn = -1.2784645427610738;  // the least value stands here

// A kernel's 1 / (1 + e^-x) is good to 4 units in the last place; then a product.
Element apply(const Attributes&, Element x) {
  const Element y = element_of([](double t) { return t / (1 + std::exp(-t)); }, x, 9, kTurn);
  return {y.value, y.bound + (std::fabs(x.value) + x.bound) * kSigmoidTail};
}

}  // namespace

extern const Operator silu = activation<apply>("silu", "the element times its sigmoid");

}  // namespace cnnc::ops
