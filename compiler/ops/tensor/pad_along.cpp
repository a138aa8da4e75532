// Places before and behind those along one axis, of a tensor of any rank: a constant, the places mirrored at
// the first and the last one, these repeated, or all of them in turn. Less than none are taken away, before
// anything is added.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ops/axes.h"
#include "ops/checks.h"
#include "ops/reference.h"
#include "ops/tensor/padding.h"
#include "support/limits.h"

namespace cnnc::ops {
namespace {

std::optional<OperatorError> want_places(const AxisPadding& p, const Shape& input, int64_t axis,
                                         const std::string& mode) {
  const std::string places = fmt::format("axis {} of {} has {} places", axis, to_string(input), p.size);
  if (p.kept() < 1)
    return OperatorError{p.before < 0 ? "before" : "after", fmt::format("{}; none is left of them", places),
                         "take fewer places away"};
  const int64_t pad = std::max(p.before, p.after), most = mode == "reflect" ? p.kept() - 1 : p.kept();
  if ((mode != "reflect" && mode != "wrap") || pad <= most) return std::nullopt;
  return OperatorError{
      p.before == pad ? "before" : "after",
      fmt::format("{}: 'mode {}' makes at most {} more of them; found {}", places, mode, most, pad),
      "pad by less, or write 'mode replicate'"};
}

OperatorResult<Shape> infer(const Attributes& a, const std::vector<Shape>& inputs) {
  const int64_t axis = integer(a, "axis");
  Shape result = inputs.at(0);
  if (auto error = want_axis("axis", axis, result)) return *error;
  const AxisPadding p = padding_along(a, result);
  for (const auto& [name, places] : {std::pair{"before", p.before}, {"after", p.after}})
    if (auto error = want_in_range(name, places, -limits::kIntegers + 1)) return *error;
  if (auto error = want_float("value", real(a, "value"))) return *error;
  if (auto error = want_places(p, result, axis, word(a, "mode"))) return *error;
  result.sizes[static_cast<size_t>(axis)] = p.before + p.size + p.after;
  if (auto error = want_elements("after", "the result", result)) return *error;
  return result;
}

std::string formula(const Attributes& a, const std::vector<Shape>& inputs, const Shape& output) {
  const AxisPadding p = padding_along(a, inputs.at(0));
  const auto with_sign = [](int64_t n) { return fmt::format("{} {}", n < 0 ? '-' : '+', std::abs(n)); };
  return fmt::format("{} {} {} = {}", p.size, with_sign(p.before), with_sign(p.after),
                     output.sizes[static_cast<size_t>(integer(a, "axis"))]);
}

// Elements pass as they are; the constant is rounded to a float.
Reference evaluate(const Node& node, const std::vector<const Reference*>& inputs,
                   const std::vector<Shape>& shapes) {
  const Along from = along_of(shapes.at(0), integer(node.attributes, "axis"));
  const AxisPadding p = padding_along(node.attributes, shapes[0]);
  const std::string& mode = word(node.attributes, "mode");
  const double constant = real(node.attributes, "value");
  const double error_of_constant = std::isinf(constant) ? 0 : rounding(1, std::fabs(constant));
  Reference result;
  for (int64_t outer = 0; outer < from.outer; ++outer)
    for (int64_t i = 0; i < p.before + p.size + p.after; ++i) {
      const int64_t source = source_of(p, mode, i);
      for (int64_t inner = 0; inner < from.inner; ++inner) {
        const int64_t at = (outer * from.size + source) * from.inner + inner;
        result.values.push_back(source < 0 ? constant : inputs.at(0)->values[at]);
        result.bounds.push_back(source < 0 ? error_of_constant : inputs[0]->bounds[at]);
      }
    }
  return result;
}

}  // namespace

extern const Operator pad_along = {
    "pad_along",
    "places added along an axis, or taken away",
    tensor_facts(false),
    1,
    {{"axis", AttributeKind::axis, true, std::nullopt, 0, 5, "rows"},
     {"before", AttributeKind::integer, true, std::nullopt, -2147483647, 2147483647, "1"},
     {"after", AttributeKind::integer, true, std::nullopt, -2147483647, 2147483647, "1"},
     {"value", AttributeKind::real, false, 0.0, -HUGE_VAL, HUGE_VAL},
     {"mode",
      AttributeKind::word,
      false,
      std::string("constant"),
      0,
      0,
      "",
      {"constant", "reflect", "replicate", "wrap"}}},
    infer,
    nullptr,
    nullptr,
    formula,
    evaluate};

}  // namespace cnnc::ops
