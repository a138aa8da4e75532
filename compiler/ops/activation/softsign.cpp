// y = x / (1 + |x|) (Bergstra et al. 2009)
#include "ops/elementwise/elementwise.h"

namespace cnnc::ops {
namespace {

// A sum and a quotient are rounded.
Element apply(const Attributes&, Element x) {
  return element_of([](double t) { return t / (1 + std::fabs(t)); }, x, 2);
}

}  // namespace

extern const Operator softsign =
    activation<apply>("softsign", "the element divided by one more than its magnitude");

}  // namespace cnnc::ops
