// y[i] = x[i] - m - log(sum over j of exp(x[j] - m)), m the greatest x: over the features of a vector, or
// over the channels at each pixel of a map.
#include "ops/norm/exponentials.h"

namespace cnnc::ops {
namespace {

// A kernel's log: its relative error, in roundings.
constexpr int kLog = 6;

// A relative error of the sum is an absolute one of its logarithm. Beside it: the error of x[i] - m, log's
// own, and the rounding of the difference.
Element log_probability(Element x, const Exponentials& all) {
  const double log_sum = std::log(all.sum), y = x.value - all.greatest - log_sum;
  if (all.is_exactly_known(x)) return {y, 0};
  const double inherited = exponent_error(x, all) + all.sum_error + all.underflow;
  return {y, inherited + rounding(kLog, log_sum) + rounding(1, std::fabs(y) + inherited)};
}

Reference evaluate(const Node& node, const std::vector<const Reference*>& inputs,
                   const std::vector<Shape>& shapes) {
  return for_each_exponential(*inputs.at(0), shapes.at(0), integer(node.attributes, "along"),
                              log_probability);
}

}  // namespace

extern const Operator log_softmax = {"log_softmax",   "the logarithm of softmax",
                                     softmax_facts(), 1,
                                     {along_rule()},  infer_along,
                                     nullptr,         nullptr,
                                     nullptr,         evaluate};

}  // namespace cnnc::ops
