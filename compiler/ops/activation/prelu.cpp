// y = x where x > 0, else weight x, with one trained weight, or one a channel (a vector: a feature) (He et
// al. 2015, section 2.1).
#include "ops/checks.h"
#include "ops/elementwise/elementwise.h"

namespace cnnc::ops {
namespace {

OperatorResult<Shape> infer(const Attributes&, const std::vector<Shape>& inputs) {
  if (auto error = want_map_or_vector("prelu", inputs.at(0))) return *error;
  return inputs[0];
}

std::vector<ParameterRule> parameters(const Attributes& a, const std::vector<Shape>& inputs) {
  return {{"weight", {is_on(a, "per_channel") ? inputs.at(0).channels() : 1}}};
}

Reference evaluate(const Node& node, const std::vector<const Reference*>& inputs,
                   const std::vector<Shape>& shapes) {
  const auto& weight = values_of(node, "weight");
  const size_t each = shapes.at(0).elements() / weight.size();
  size_t i = 0;
  return for_each_element(*inputs.at(0), [&](Element x) {
    const double slope = weight[i++ / each];
    return element_of([=](double t) { return t > 0 ? t : slope * t; }, x, 1);
  });
}

}  // namespace

extern const Operator prelu = {"prelu",
                               "the element where it is positive, else a trained weight times it",
                               elementwise_facts(),
                               1,
                               {{"per_channel", AttributeKind::on_off, false, false}},
                               infer,
                               parameters,
                               nullptr,
                               nullptr,
                               evaluate};

}  // namespace cnnc::ops
