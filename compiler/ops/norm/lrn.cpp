// Local response normalization across channels (Krizhevsky et al. 2012, section 3.3), as
// torch.nn.LocalResponseNorm:
//   y[c] = x[c] / s[c]^beta,   s[c] = k + alpha / size * sum over d of x[d]^2
// for the `size` channels d from c - floor(size / 2); those that do not exist count as zeros.
#include <algorithm>
#include <cmath>

#include "ops/checks.h"
#include "ops/elementwise/elementwise.h"
#include "ops/reference.h"

namespace cnnc::ops {
namespace {

OperatorResult<Shape> infer(const Attributes& a, const std::vector<Shape>& inputs) {
  if (auto error = want_map("lrn", inputs.at(0))) return *error;
  if (auto error = want_in_range("size", integer(a, "size"), 1)) return *error;
  return inputs[0];
}

struct Constants {
  double scale, beta, k;  // scale: alpha / size
  int64_t terms;          // of the longest sum
};

// Of a sum of n squares: every term is positive, so with what the inputs have got wrong s is within
//   E = scale sum (2 |x| + e) e + gamma(n + 4) (k + scale sum (|x| + e)^2)
// and not below k (1 - gamma). A computed power, by roots or by 2^(-beta log2 s), has a relative error of
// at most u (8 + 4 beta (1 + |ln s|)): its parts are within 4 u, and an error of the logarithm counts beta
// times. s^-beta falls ever more slowly, so the error of s counts most where s is less.
Element normalized(const Constants& c, Element x, double sum, double moved) {
  const double s = c.k + c.scale * sum, upper = c.k + c.scale * (sum + moved);
  const double least = std::max(s - c.scale * moved - rounding(c.terms + 4, upper), c.k * (1 - 1e-3));
  const double power = std::pow(s, -c.beta), most = std::pow(least, -c.beta);
  const double relative = kRoundoff * (8 + 4 * c.beta * (1 + std::fabs(std::log(least)))) + kRoundoff;
  const double magnitude = std::fabs(x.value) + x.bound;
  return {x.value * power,
          std::fabs(x.value) * (most - power) + x.bound * most + relative * magnitude * most + kLeastNormal};
}

Reference evaluate(const Node& node, const std::vector<const Reference*>& inputs, const std::vector<Shape>&) {
  const int64_t channels = node.shape.channels(), plane = node.shape.height() * node.shape.width();
  const int64_t size = integer(node.attributes, "size");
  const Constants constants{real(node.attributes, "alpha") / size, real(node.attributes, "beta"),
                            real(node.attributes, "k"), std::min(size, channels)};
  const Reference& x = *inputs.at(0);
  Reference y{std::vector<double>(x.values.size()), std::vector<double>(x.values.size())};
  for (int64_t c = 0; c < channels; ++c) {
    const int64_t begin = std::max<int64_t>(c - size / 2, 0);
    const int64_t end = std::min(c - size / 2 + size, channels);
    for (int64_t p = 0; p < plane; ++p) {
      double sum = 0, moved = 0;
      for (int64_t i = begin * plane + p; i < end * plane; i += plane) {
        sum += x.values[i] * x.values[i];
        moved += (2 * std::fabs(x.values[i]) + x.bounds[i]) * x.bounds[i];
      }
      const int64_t at = c * plane + p;
      const Element result = normalized(constants, {x.values[at], x.bounds[at]}, sum, moved);
      y.values[at] = result.value;
      y.bounds[at] = result.bound;
    }
  }
  return y;
}

}  // namespace

extern const Operator lrn = {"lrn",
                             "each element over a power of the squares of its neighbours in other channels",
                             window_facts(),
                             1,
                             {{"size", AttributeKind::integer, true, std::nullopt, 1, 2147483647, "5"},
                              {"alpha", AttributeKind::real, false, 1e-4, 0, 1e6},
                              {"beta", AttributeKind::real, false, 0.75, 0, 16},
                              {"k", AttributeKind::real, false, 1.0, 1e-6, 1e6}},
                             infer,
                             nullptr,
                             nullptr,
                             nullptr,
                             evaluate};

}  // namespace cnnc::ops
