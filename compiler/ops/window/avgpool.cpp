// The mean of each window.
#include "ops/window/pool.h"

namespace cnnc::ops {
namespace {

std::vector<AttributeRule> attributes() {
  std::vector<AttributeRule> rules = pool_attributes();
  rules.push_back({"include_pad", AttributeKind::on_off, false, true});
  return rules;
}

OperatorResult<Shape> infer(const Attributes& a, const std::vector<Shape>& inputs) {
  return infer_pool("avgpool", a, inputs.at(0));
}

Reference evaluate(const Node& node, const std::vector<const Reference*>& inputs,
                   const std::vector<Shape>& shapes) {
  return evaluate_average(window_of(node.attributes, shapes.at(0)), is_on(node.attributes, "include_pad"),
                          node.shape, *inputs.at(0));
}

}  // namespace

extern const Operator avgpool = {"avgpool",      "the mean of each window",
                                 window_facts(), 1,
                                 attributes(),   infer,
                                 nullptr,        nullptr,
                                 pool_formula,   evaluate};

}  // namespace cnnc::ops
