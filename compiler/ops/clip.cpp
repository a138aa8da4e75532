// y = min(max(x, least), greatest)
#include <fmt/format.h>

#include "ops/elementwise.h"

namespace cnnc::ops {
namespace {

OperatorResult<Shape> infer(const Attributes& a, const std::vector<Shape>& inputs) {
  const double least = real(a, "min"), greatest = real(a, "max");
  if (least <= greatest) return inputs.at(0);
  return OperatorError{"max", fmt::format("'max' must be at least 'min', {}; found {}", least, greatest),
                       "write the lesser one first: 'clip min 0 max 6'"};
}

Element apply(const Attributes& a, Element x) {
  const double least = float_of(a, "min"), greatest = float_of(a, "max");
  return element_of([=](double t) { return std::clamp(t, least, greatest); }, x, 0);
}

AttributeRule limit(std::string_view name) {
  return {name, AttributeKind::real, false, std::nullopt, -kGreatestFloat, kGreatestFloat};
}

Operator make() {
  Operator op = activation<apply>("clip", "the element, but at least 'min' and at most 'max'",
                                  {limit("min"), limit("max")});
  op.infer = infer;
  return op;
}

}  // namespace

extern const Operator clip = make();

}  // namespace cnnc::ops
