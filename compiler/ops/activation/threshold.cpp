// y = x where x > threshold, else value (torch.nn.Threshold; with a value of 0, Konda et al. 2015)
#include "ops/elementwise/elementwise.h"

namespace cnnc::ops {
namespace {

Element apply(const Attributes& a, Element x) {
  const double threshold = float_of(a, "threshold"), value = float_of(a, "value");
  const Element y = element_of([=](double t) { return t <= threshold ? value : t; }, x, 0);
  return {y.value, std::max(y.bound, error_at_jump(x, y.value, {threshold, value, threshold}))};
}

AttributeRule number(std::string_view name, bool positional, std::optional<AttributeValue> usual) {
  return {name, AttributeKind::real, positional, std::move(usual), -kGreatestFloat, kGreatestFloat};
}

}  // namespace

extern const Operator threshold =
    activation<apply>("threshold", "the element where it is greater than the threshold, else 'value'",
                      {number("threshold", true, std::nullopt), number("value", false, 0.0)});

}  // namespace cnnc::ops
