// y = min(max(x, 0), 6) (Howard et al. 2017, MobileNets)
#include "ops/elementwise/elementwise.h"

namespace cnnc::ops {
namespace {

Element apply(const Attributes&, Element x) {
  return element_of([](double t) { return std::clamp(t, 0.0, 6.0); }, x, 0);
}

}  // namespace

extern const Operator relu6 =
    activation<apply>("relu6", "the element, but at least 0 and at most 6", {}, cheap_facts());

}  // namespace cnnc::ops
