// y[o] = bias[o] + sum over i of weight[o, i] * x[i]: of a vector, or along the last axis of a tensor that is
// no map.
#include <cmath>

#include "ops/checks.h"
#include "ops/reference.h"

namespace cnnc::ops {
namespace {

// out x in
Shape weight_shape(const Attributes& a, const Shape& input) {
  return {integer(a, "features"), input.sizes.back()};
}

OperatorResult<Shape> infer(const Attributes& a, const std::vector<Shape>& inputs) {
  // A map is refused: what is meant is nearly always its flatten.
  if (inputs.at(0).is_map())
    if (auto error = want_vector("dense", inputs[0])) return *error;
  if (auto error = want_in_range("features", integer(a, "features"), 1)) return *error;
  if (auto error = want_elements("features", "the weight", weight_shape(a, inputs[0]))) return *error;
  Shape result = inputs[0];
  result.sizes.back() = integer(a, "features");
  if (auto error = want_elements("features", "the result", result)) return *error;
  return result;
}

std::vector<ParameterRule> parameters(const Attributes& a, const std::vector<Shape>& inputs) {
  std::vector<ParameterRule> rules = {{"weight", weight_shape(a, inputs.at(0))}};
  if (is_on(a, "bias")) rules.push_back({"bias", {integer(a, "features")}});
  return rules;
}

int64_t macs(const Attributes&, const std::vector<Shape>& inputs, const Shape& output) {
  return output.elements() * inputs.at(0).sizes.back();
}

// The bound is that of conv.cpp: sum |w| e + gamma(k + 2) (sum |w| (|x| + e) + |b|), k = inputs + 1.
Reference evaluate(const Node& node, const std::vector<const Reference*>& inputs,
                   const std::vector<Shape>& shapes) {
  const auto& weight = values_of(node, "weight");
  const Reference& x = *inputs.at(0);
  const int64_t length = shapes.at(0).sizes.back(), outputs = node.shape.sizes.back();
  Reference result{{}, {}, length};
  for (int64_t row = 0; row < node.shape.elements() / outputs; ++row)
    for (int64_t o = 0; o < outputs; ++o) {
      const double bias = is_on(node.attributes, "bias") ? values_of(node, "bias")[o] : 0;
      double sum = bias, magnitude = std::fabs(bias), inherited = 0;
      for (int64_t i = 0; i < length; ++i) {
        const double w = weight[o * length + i], value = x.values[row * length + i],
                     bound = x.bounds[row * length + i];
        sum += w * value;
        magnitude += std::fabs(w) * (std::fabs(value) + bound);
        inherited += std::fabs(w) * bound;
      }
      result.values.push_back(sum);
      result.bounds.push_back(inherited + rounding(length + 3, magnitude));
    }
  return result;
}

}  // namespace

extern const Operator dense = {"dense",
                               "each feature a weighted sum of the whole vector, or of the last axis",
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
