// y = max(x, 0)
#include "ops/elementwise/elementwise.h"

namespace cnnc::ops {
namespace {

Element apply(const Attributes&, Element x) {
  return element_of([](double t) { return std::max(t, 0.0); }, x, 0);
}

}  // namespace

extern const Operator relu =
    activation<apply>("relu", "the greater of the element and zero", {}, cheap_facts());

}  // namespace cnnc::ops
