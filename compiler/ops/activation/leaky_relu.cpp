// y = x where x > 0, else slope x (Maas et al. 2013)
#include "ops/elementwise/elementwise.h"

namespace cnnc::ops {
namespace {

Element apply(const Attributes& a, Element x) {
  const double slope = float_of(a, "slope");
  return element_of([=](double t) { return t > 0 ? t : slope * t; }, x, 1);
}

}  // namespace

extern const Operator leaky_relu =
    activation<apply>("leaky_relu", "the element where it is positive, else 'slope' times it",
                      {{"slope", AttributeKind::real, false, 0.01, -kGreatestFloat, kGreatestFloat}});

}  // namespace cnnc::ops
