// The mean of each window, padding counted as zeros.
#include "ops/pool.h"

namespace cnnc::ops {
namespace {

OperatorResult<Shape> infer(const Attributes& a, const std::vector<Shape>& inputs) {
  return infer_pool("avgpool", a, inputs.at(0));
}

std::string formula(const Attributes& a, const std::vector<Shape>& inputs, const Shape&) {
  return window_formula(window_of(a, inputs.at(0)));
}

Reference evaluate(const Node& node, const std::vector<const Reference*>& inputs,
                   const std::vector<Shape>& shapes) {
  return evaluate_average(window_of(node.attributes, shapes.at(0)), node.shape, *inputs.at(0));
}

}  // namespace

extern const Operator avgpool = {"avgpool",         "the mean of each window, padding counted as zeros",
                                 Pattern::window,   1,
                                 pool_attributes(), infer,
                                 nullptr,           nullptr,
                                 formula,           evaluate};

}  // namespace cnnc::ops
