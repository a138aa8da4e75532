// A border around a map: a constant, the map mirrored at its first and last rows and columns, or these
// repeated.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ops/checks.h"
#include "ops/reference.h"
#include "ops/window/window.h"

namespace cnnc::ops {
namespace {

const std::string& mode_of(const Attributes& a) {
  return word(a, "mode");
}

std::optional<OperatorError> reflect_error(int64_t before, int64_t after, int64_t size,
                                           std::string_view unit) {
  const int64_t pad = std::max(before, after);
  if (pad < size) return std::nullopt;
  return OperatorError{
      "padding",
      fmt::format("a map of {} {} can be mirrored by at most {}; found {}", size, unit, size - 1, pad),
      "pad by less, or write 'mode replicate'"};
}

OperatorResult<Shape> infer(const Attributes& a, const std::vector<Shape>& inputs) {
  const Shape& input = inputs.at(0);
  if (auto error = want_map("pad", input)) return *error;
  const auto& p = sizes(a, "padding");
  if (auto error = want_in_range("padding", p, 0)) return *error;
  if (auto error = want_float("value", real(a, "value"))) return *error;
  if (mode_of(a) == "reflect") {
    if (auto error = reflect_error(p.at(0), p.at(1), input.height(), "rows")) return *error;
    if (auto error = reflect_error(p.at(2), p.at(3), input.width(), "columns")) return *error;
  }
  const Shape result{input.channels(), p.at(0) + input.height() + p.at(1), p.at(2) + input.width() + p.at(3)};
  if (auto error = want_elements("padding", "the result", result)) return *error;
  return result;
}

std::string formula(const Attributes& a, const std::vector<Shape>& inputs, const Shape& output) {
  const auto& p = sizes(a, "padding");
  const auto axis = [](int64_t before, int64_t size, int64_t after, int64_t sum) {
    return fmt::format("{} + {} + {} = {}", before, size, after, sum);
  };
  return formula_of_both(axis(p.at(0), inputs.at(0).height(), p.at(1), output.height()),
                         axis(p.at(2), inputs[0].width(), p.at(3), output.width()));
}

// Where the result's element `at` comes from; -1: it is the constant.
int64_t source_of(const std::string& mode, int64_t at, int64_t before, int64_t size) {
  const int64_t i = at - before;
  if (i >= 0 && i < size) return i;
  if (mode == "constant") return -1;
  if (mode == "replicate") return std::clamp<int64_t>(i, 0, size - 1);
  return i < 0 ? -i : 2 * (size - 1) - i;
}

// Elements pass as they are; the constant is rounded to a float.
Reference evaluate(const Node& node, const std::vector<const Reference*>& inputs,
                   const std::vector<Shape>& shapes) {
  const auto& p = sizes(node.attributes, "padding");
  const std::string& mode = mode_of(node.attributes);
  const double constant = real(node.attributes, "value");
  const double error_of_constant = std::isinf(constant) ? 0 : rounding(1, std::fabs(constant));
  const Reference& x = *inputs.at(0);
  Reference result;
  for (int64_t c = 0; c < node.shape.channels(); ++c)
    for (int64_t y = 0; y < node.shape.height(); ++y) {
      const int64_t i = source_of(mode, y, p[0], shapes.at(0).height());
      for (int64_t column = 0; column < node.shape.width(); ++column) {
        const int64_t j = source_of(mode, column, p[2], shapes[0].width());
        const bool is_constant = i < 0 || j < 0;
        const int64_t at = (c * shapes[0].height() + i) * shapes[0].width() + j;
        result.values.push_back(is_constant ? constant : x.values[at]);
        result.bounds.push_back(is_constant ? error_of_constant : x.bounds[at]);
      }
    }
  return result;
}

}  // namespace

extern const Operator pad = {"pad",
                             "a border around the map",
                             selecting_window_facts(),
                             1,
                             {{"padding", AttributeKind::padding, true, std::nullopt, 0},
                              {"value", AttributeKind::real, false, 0.0, -HUGE_VAL, HUGE_VAL},
                              {"mode",
                               AttributeKind::word,
                               false,
                               std::string("constant"),
                               0,
                               0,
                               "",
                               {"constant", "reflect", "replicate"}}},
                             infer,
                             nullptr,
                             nullptr,
                             formula,
                             evaluate};

}  // namespace cnnc::ops
