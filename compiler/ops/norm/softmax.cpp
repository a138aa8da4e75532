// p[i] = exp(x[i] - m) / sum over j of exp(x[j] - m), m the greatest x: over the features of a vector, or
// over the channels at each pixel of a map.
#include "ops/norm/exponentials.h"

namespace cnnc::ops {
namespace {

// A computed p is the exact one times e^±r, so its error is at most p (e^r - 1), and at most 1. r is the
// error of the exponent and of the sum, exp's own, and 2 u for a division, or reciprocal and product.
Element probability(Element x, const Exponentials& all) {
  if (all.is_exactly_known(x)) return {std::exp(x.value - all.greatest) / all.sum, 0};
  const double r = exponent_error(x, all) + all.sum_error + kRoundoff * (kExp + 2);
  const double p = std::exp(x.value - all.greatest) / all.sum;
  // p e^r in one exponential where r is large: p may be 0 and e^r infinite.
  const double error = r < 1 ? p * std::expm1(r) : std::exp(x.value - all.greatest + r) / all.sum;
  return {p, std::min(error, 1.0) + all.underflow};
}

Reference evaluate(const Node& node, const std::vector<const Reference*>& inputs,
                   const std::vector<Shape>& shapes) {
  return for_each_exponential(*inputs.at(0), shapes.at(0), integer(node.attributes, "along"), probability);
}

}  // namespace

extern const Operator softmax = {
    "softmax",       "features, or channels of each pixel, to probabilities that add up to one",
    softmax_facts(), 1,
    {along_rule()},  infer_along,
    nullptr,         nullptr,
    nullptr,         evaluate};

}  // namespace cnnc::ops
