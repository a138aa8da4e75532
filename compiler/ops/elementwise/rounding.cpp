// y = floor x, y = ceil x, y = the whole number nearest to x, y = the sign of x. They are steps: an error of
// x counts where it reaches one.
#include "ops/elementwise/elementwise.h"

namespace cnnc::ops {
namespace {

Element apply_floor(const Attributes&, Element x) {
  return element_of([](double t) { return std::floor(t); }, x, 0);
}

Element apply_ceil(const Attributes&, Element x) {
  return element_of([](double t) { return std::ceil(t); }, x, 0);
}

// Of two that are as near the even one, as IEEE 754 rounds.
Element apply_round(const Attributes&, Element x) {
  return element_of([](double t) { return std::nearbyint(t); }, x, 0);
}

Element apply_sign(const Attributes&, Element x) {
  return element_of([](double t) { return t > 0 ? 1 : t < 0 ? -1 : t; }, x, 0);
}

}  // namespace

extern const Operator ceil =
    activation<apply_ceil>("ceil", "the least whole number that is not less", {}, cheap_facts());

extern const Operator floor =
    activation<apply_floor>("floor", "the greatest whole number that is not greater", {}, cheap_facts());

extern const Operator round =
    activation<apply_round>("round", "the nearest whole number, of two the even one", {}, cheap_facts());

extern const Operator sign = activation<apply_sign>("sign", "1, 0 or -1: the sign of the element");

}  // namespace cnnc::ops
