// y = scale (x where x > 0, else alpha (e^x - 1)) (Klambauer et al. 2017, Self-Normalizing Neural Networks)
#include "ops/elementwise/elementwise.h"

namespace cnnc::ops {
namespace {

constexpr double kAlpha = 1.6732632423543772848, kScale = 1.0507009873554804934;

// A kernel's e^x - 1 is good to 3 units in the last place; its constant and the product are rounded as well.
Element apply(const Attributes&, Element x) {
  return element_of([](double t) { return kScale * (t > 0 ? t : kAlpha * std::expm1(t)); }, x, 8);
}

}  // namespace

extern const Operator selu =
    activation<apply>("selu", "elu with the constants that keep mean and variance of the elements");

}  // namespace cnnc::ops
