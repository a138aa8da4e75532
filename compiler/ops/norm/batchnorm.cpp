// y = s (x - mean) + bias, s = weight / sqrt(var + eps), with a channel's (a vector: a feature's) trained
// constants.
#include <cmath>

#include "ops/elementwise/elementwise.h"
#include "ops/reference.h"

namespace cnnc::ops {
namespace {

OperatorResult<Shape> infer(const Attributes&, const std::vector<Shape>& inputs) {
  return inputs.at(0);
}

std::vector<ParameterRule> parameters(const Attributes&, const std::vector<Shape>& inputs) {
  const Shape each{inputs.at(0).sizes[0]};
  return {{"weight", each}, {"bias", each}, {"running_mean", each}, {"running_var", each}};
}

struct Affine {
  double scale, mean, bias;
};

Affine affine_of(const Node& node, int64_t channel) {
  const double variance = values_of(node, "running_var")[channel] + real(node.attributes, "eps");
  return {values_of(node, "weight")[channel] / std::sqrt(variance), values_of(node, "running_mean")[channel],
          values_of(node, "bias")[channel]};
}

// A compiler works out s and the shift t = bias - s mean in double and rounds them to float once. Then either
//   y = s x + t on its own: s x is rounded three times (s, product, sum), t twice; or
//   both are folded into the conv or dense layer before, whose weights are rounded once more. That is one
//   rounding of each product of its sum, of which the bound, e, has gamma(terms + 3) (conv.cpp), so e grows
//   in proportion; the products can be far greater than x, where they cancel. And the shift becomes part of
//   the bias: if the sum begins with the bias, each of its `terms` additions rounds the shift too.
// The bound covers both, one rounding to spare:
//   |s| e r + gamma(4) |s| (|x| + e) + gamma(terms + 4) (|s mean| + |bias|),
//   r = gamma(terms + 4) / gamma(terms + 3) behind a sum, else 1;
// and what follows may be folded into a sum of terms + 1.
Element apply(const Affine& f, int64_t terms, Element x) {
  const double s = std::fabs(f.scale);
  const double shift = std::fabs(f.scale * f.mean) + std::fabs(f.bias);
  const double r = terms > 0 ? gamma_k(terms + 4) / gamma_k(terms + 3) : 1;
  return {f.scale * (x.value - f.mean) + f.bias,
          s * x.bound * r + rounding(4, s * (std::fabs(x.value) + x.bound)) + rounding(terms + 4, shift)};
}

Reference evaluate(const Node& node, const std::vector<const Reference*>& inputs,
                   const std::vector<Shape>& shapes) {
  const Reference& x = *inputs.at(0);
  const int64_t channels = shapes.at(0).sizes[0], plane = shapes[0].elements() / channels;
  Reference result{{}, {}, x.terms > 0 ? x.terms + 1 : 0};
  for (int64_t c = 0, i = 0; c < channels; ++c) {
    const Affine affine = affine_of(node, c);
    for (const int64_t end = i + plane; i < end; ++i) {
      const Element y = apply(affine, x.terms, {x.values[i], x.bounds[i]});
      result.values.push_back(y.value);
      result.bounds.push_back(y.bound);
    }
  }
  return result;
}

}  // namespace

extern const Operator batchnorm = {"batchnorm",
                                   "each channel scaled and shifted by its trained statistics",
                                   elementwise_facts(),
                                   1,
                                   {{"eps", AttributeKind::real, false, 1e-5, 0, 1}},
                                   infer,
                                   parameters,
                                   nullptr,
                                   nullptr,
                                   evaluate};

}  // namespace cnnc::ops
