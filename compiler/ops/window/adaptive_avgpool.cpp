// The mean of each of the parts that the map is divided into.
#include <cmath>

#include "ops/reference.h"
#include "ops/window/adaptive_pool.h"

namespace cnnc::ops {
namespace {

OperatorResult<Shape> infer(const Attributes& a, const std::vector<Shape>& inputs) {
  return infer_adaptive_pool("adaptive_avgpool", a, inputs.at(0));
}

// Of k elements: mean e + gamma(k + 1) mean (|x| + e), as for avgpool.
Reference evaluate(const Node& node, const std::vector<const Reference*>& inputs,
                   const std::vector<Shape>& shapes) {
  const Reference& x = *inputs.at(0);
  const size_t elements = node.shape.elements();
  std::vector<double> values(elements), inherited(elements), magnitudes(elements);
  std::vector<int64_t> counts(elements);
  for_each_adaptive_tap(shapes.at(0), node.shape, [&](int64_t out, int64_t in) {
    values[out] += x.values[in];
    inherited[out] += x.bounds[in];
    magnitudes[out] += std::fabs(x.values[in]) + x.bounds[in];
    ++counts[out];
  });
  for (size_t i = 0; i < elements; ++i) {
    values[i] /= counts[i];
    inherited[i] = (inherited[i] + rounding(counts[i] + 1, magnitudes[i])) / counts[i];
  }
  return {std::move(values), std::move(inherited)};
}

}  // namespace

extern const Operator adaptive_avgpool = {"adaptive_avgpool",
                                          "the mean of each part of the map",
                                          window_facts(),
                                          1,
                                          adaptive_pool_attributes(),
                                          infer,
                                          nullptr,
                                          nullptr,
                                          adaptive_pool_formula,
                                          evaluate};

}  // namespace cnnc::ops
