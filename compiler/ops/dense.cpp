// y[o] = bias[o] + sum over i of weight[o, i] * x[i]
#include <cmath>

#include "ops/checks.h"
#include "ops/reference.h"

namespace cnnc::ops {
namespace {

// out x in
Shape weight_shape(const Attributes& a, const Shape& input) {
  return {integer(a, "features"), input.channels()};
}

OperatorResult<Shape> infer(const Attributes& a, const std::vector<Shape>& inputs) {
  if (auto error = want_vector("dense", inputs.at(0))) return *error;
  if (auto error = want_in_range("features", integer(a, "features"), 1)) return *error;
  if (auto error = want_elements("features", "the weight", weight_shape(a, inputs[0]))) return *error;
  return Shape{integer(a, "features")};
}

std::vector<ParameterRule> parameters(const Attributes& a, const std::vector<Shape>& inputs) {
  std::vector<ParameterRule> rules = {{"weight", weight_shape(a, inputs.at(0))}};
  if (is_on(a, "bias")) rules.push_back({"bias", {integer(a, "features")}});
  return rules;
}

int64_t macs(const Attributes& a, const std::vector<Shape>& inputs, const Shape&) {
  return weight_shape(a, inputs.at(0)).elements();
}

// The bound is that of conv.cpp: sum |w| e + gamma(k + 2) (sum |w| (|x| + e) + |b|), k = inputs + 1.
Reference evaluate(const Node& node, const std::vector<const Reference*>& inputs, const std::vector<Shape>&) {
  const auto& weight = values_of(node, "weight");
  const Reference& x = *inputs.at(0);
  const int64_t length = x.values.size();
  Reference result{{}, {}, length};
  for (int64_t o = 0; o < node.shape.elements(); ++o) {
    const double bias = is_on(node.attributes, "bias") ? values_of(node, "bias")[o] : 0;
    double sum = bias, magnitude = std::fabs(bias), inherited = 0;
    for (int64_t i = 0; i < length; ++i) {
      const double w = weight[o * length + i];
      sum += w * x.values[i];
      magnitude += std::fabs(w) * (std::fabs(x.values[i]) + x.bounds[i]);
      inherited += std::fabs(w) * x.bounds[i];
    }
    result.values.push_back(sum);
    result.bounds.push_back(inherited + rounding(length + 3, magnitude));
  }
  return result;
}

}  // namespace

extern const Operator dense = {"dense",
                               "each feature a weighted sum of the whole vector",
                               contraction_facts(),
                               1,
                               {{"features", AttributeKind::integer, true, std::nullopt, 1},
                                {"bias", AttributeKind::on_off, false, true}},
                               infer,
                               parameters,
                               macs,
                               nullptr,
                               evaluate};

}  // namespace cnnc::ops
