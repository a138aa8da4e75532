// y = |x|
#include "ops/elementwise/elementwise.h"

namespace cnnc::ops {
namespace {

Element apply(const Attributes&, Element x) {
  return element_of([](double t) { return std::fabs(t); }, x, 0);
}

}  // namespace

extern const Operator abs = activation<apply>("abs", "the element without its sign", {}, cheap_facts());

}  // namespace cnnc::ops
