// y = min(max(x, least), greatest), or one of the two alone.
#include "ops/activation/clip.h"

#include <fmt/format.h>

#include <limits>

#include "ops/elementwise/elementwise.h"

namespace cnnc::ops {
namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();

OperatorResult<Shape> infer(const Attributes& a, const std::vector<Shape>& inputs) {
  const double least = real(a, "min"), greatest = real(a, "max");
  if (!is_clip_limit(least) && !is_clip_limit(greatest))
    return OperatorError{"min", "'clip' has neither a min nor a max",
                         "write one of them, or both: 'clip min 0 max 6'"};
  if (least <= greatest) return inputs.at(0);
  return OperatorError{"max", fmt::format("'max' must be at least 'min', {}; found {}", least, greatest),
                       "write the lesser one first: 'clip min 0 max 6'"};
}

double limit_of(const Attributes& a, std::string_view name, double none) {
  return is_clip_limit(real(a, name)) ? float_of(a, name) : none;
}

Element apply(const Attributes& a, Element x) {
  const double least = limit_of(a, "min", -kInfinite), greatest = limit_of(a, "max", kInfinite);
  return element_of([=](double t) { return std::clamp(t, least, greatest); }, x, 0);
}

AttributeRule limit(std::string_view name, double none) {
  return {name, AttributeKind::real, false, none, -kGreatestFloat, kGreatestFloat};
}

Operator make() {
  Operator op = activation<apply>("clip", "the element, but at least 'min' and at most 'max'",
                                  {limit("min", -kGreatestFloat), limit("max", kGreatestFloat)});
  op.infer = infer;
  return op;
}

}  // namespace

extern const Operator clip = make();

}  // namespace cnnc::ops
