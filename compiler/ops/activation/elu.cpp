// y = x where x > 0, else alpha (e^x - 1) (Clevert et al. 2016)
#include "ops/elementwise/elementwise.h"

namespace cnnc::ops {
namespace {

// A kernel's e^x - 1 is good to 3 units in the last place.
Element apply(const Attributes& a, Element x) {
  const double alpha = float_of(a, "alpha");
  return element_of([=](double t) { return t > 0 ? t : alpha * std::expm1(t); }, x, 7);
}

}  // namespace

extern const Operator elu =
    activation<apply>("elu", "the element where it is positive, else 'alpha' (e^x - 1)",
                      {{"alpha", AttributeKind::real, false, 1.0, -kGreatestFloat, kGreatestFloat}});

}  // namespace cnnc::ops
