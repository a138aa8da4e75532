// A map with so many times the rows and columns.
#include <fmt/format.h>

#include "ops/checks.h"
#include "ops/spatial/resample.h"
#include "ops/window/window.h"

namespace cnnc::ops {
namespace {

std::vector<AttributeRule> attributes() {
  std::vector<AttributeRule> rules = {
      {"factor", AttributeKind::pair, true, std::nullopt, 1, 2147483647, "2"}};
  for (AttributeRule& rule : resample_attributes()) rules.push_back(std::move(rule));
  return rules;
}

// 2^31 * 2^31 fits into 63 bits.
OperatorResult<Shape> infer(const Attributes& a, const std::vector<Shape>& inputs) {
  const auto& factor = sizes(a, "factor");
  const Shape& input = inputs.at(0);
  if (auto error = want_map("upsample", input)) return *error;
  if (auto error = want_in_range("factor", factor, 1)) return *error;
  return infer_resample("upsample", a, input, "factor", input.height() * factor.at(0),
                        input.width() * factor.at(1));
}

std::string formula(const Attributes& a, const std::vector<Shape>& inputs, const Shape& output) {
  const auto axis = [](int64_t input, int64_t factor, int64_t size) {
    return fmt::format("{} * {} = {}", input, factor, size);
  };
  const auto& factor = sizes(a, "factor");
  return formula_of_both(axis(inputs.at(0).height(), factor.at(0), output.height()),
                         axis(inputs[0].width(), factor.at(1), output.width()));
}

Reference evaluate(const Node& node, const std::vector<const Reference*>& inputs,
                   const std::vector<Shape>& shapes) {
  return evaluate_resample(node, shapes.at(0), *inputs.at(0));
}

}  // namespace

extern const Operator upsample = {"upsample",
                                  "the map enlarged by whole factors",
                                  selecting_window_facts(),
                                  1,
                                  attributes(),
                                  infer,
                                  nullptr,
                                  nullptr,
                                  formula,
                                  evaluate};

}  // namespace cnnc::ops
