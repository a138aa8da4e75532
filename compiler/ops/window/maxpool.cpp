// The greatest element of each window.
#include "ops/window/pool.h"

namespace cnnc::ops {
namespace {

OperatorResult<Shape> infer(const Attributes& a, const std::vector<Shape>& inputs) {
  return infer_pool("maxpool", a, inputs.at(0));
}

Reference evaluate(const Node& node, const std::vector<const Reference*>& inputs,
                   const std::vector<Shape>& shapes) {
  return evaluate_max(window_of(node.attributes, shapes.at(0)), node.shape, *inputs.at(0));
}

}  // namespace

extern const Operator maxpool = {"maxpool",
                                 "the greatest element of each window",
                                 selecting_window_facts(),
                                 1,
                                 pool_attributes(),
                                 infer,
                                 nullptr,
                                 nullptr,
                                 pool_formula,
                                 evaluate};

}  // namespace cnnc::ops
