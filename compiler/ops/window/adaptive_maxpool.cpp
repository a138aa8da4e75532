// The greatest element of each of the parts that the map is divided into.
#include <algorithm>
#include <limits>

#include "ops/window/adaptive_pool.h"

namespace cnnc::ops {
namespace {

OperatorResult<Shape> infer(const Attributes& a, const std::vector<Shape>& inputs) {
  return infer_adaptive_pool("adaptive_maxpool", a, inputs.at(0));
}

// |max x̂ - max x| <= max |x̂ - x|, and taking a maximum rounds nothing.
Reference evaluate(const Node& node, const std::vector<const Reference*>& inputs,
                   const std::vector<Shape>& shapes) {
  const Reference& x = *inputs.at(0);
  Reference y{std::vector<double>(node.shape.elements(), -std::numeric_limits<double>::infinity()),
              std::vector<double>(node.shape.elements())};
  for_each_adaptive_tap(shapes.at(0), node.shape, [&](int64_t out, int64_t in) {
    y.values[out] = std::max(y.values[out], x.values[in]);
    y.bounds[out] = std::max(y.bounds[out], x.bounds[in]);
  });
  return y;
}

}  // namespace

extern const Operator adaptive_maxpool = {"adaptive_maxpool",
                                          "the greatest element of each part of the map",
                                          window_facts(),
                                          1,
                                          adaptive_pool_attributes(),
                                          infer,
                                          nullptr,
                                          nullptr,
                                          adaptive_pool_formula,
                                          evaluate};

}  // namespace cnnc::ops
