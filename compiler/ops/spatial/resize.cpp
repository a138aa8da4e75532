// A map of a given height and width.
#include "ops/checks.h"
#include "ops/spatial/resample.h"

namespace cnnc::ops {
namespace {

std::vector<AttributeRule> attributes() {
  std::vector<AttributeRule> rules = {
      {"size", AttributeKind::pair, true, std::nullopt, 1, 2147483647, "7x7"}};
  for (AttributeRule& rule : resample_attributes()) rules.push_back(std::move(rule));
  return rules;
}

OperatorResult<Shape> infer(const Attributes& a, const std::vector<Shape>& inputs) {
  const auto& size = sizes(a, "size");
  if (auto error = want_in_range("size", size, 1)) return *error;
  return infer_resample("resize", a, inputs.at(0), "size", size.at(0), size.at(1));
}

Reference evaluate(const Node& node, const std::vector<const Reference*>& inputs,
                   const std::vector<Shape>& shapes) {
  return evaluate_resample(node, shapes.at(0), *inputs.at(0));
}

}  // namespace

extern const Operator resize = {"resize",       "the map at a given height and width",
                                window_facts(), 1,
                                attributes(),   infer,
                                nullptr,        nullptr,
                                nullptr,        evaluate};

}  // namespace cnnc::ops
