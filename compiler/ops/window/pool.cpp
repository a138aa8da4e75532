#include "ops/window/pool.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "ops/checks.h"
#include "ops/reference.h"

namespace cnnc {
namespace {

// A window without an element of the input: one that ends before it, one that begins behind it, or one whose
// taps step over it. The last needs a tap before the input, and a step wider than the input.
std::optional<OperatorError> empty_window(const WindowAxis& axis, std::string_view unit) {
  const int64_t pad = std::max(axis.pad_before, axis.pad_after);
  if (pad >= span(axis))
    return OperatorError{
        "pad",
        fmt::format("a window would lie on padding alone: {} {} of padding, and a window spans {}", pad, unit,
                    span(axis)),
        "pad by less than the filter's size"};
  if (pad > 0 && axis.dilation > axis.input)
    return OperatorError{
        "dilation",
        fmt::format("a window could step over the input: its taps are {} {} apart; the input has {}",
                    axis.dilation, unit, axis.input),
        "use a smaller dilation, or no padding"};
  return std::nullopt;
}

// Calls visit(output, input) with the indices of each output and each element of the input in its window.
template <class Visit>
void for_each_tap(const Window& w, int64_t channels, Visit visit) {
  const auto rows = taps_of(w.height), columns = taps_of(w.width);
  for (int64_t c = 0; c < channels; ++c)
    for (const Tap& row : rows)
      for (int64_t y = row.begin; y < row.end; ++y) {
        const int64_t in = (c * w.height.input + y * w.height.stride + row.offset) * w.width.input;
        const int64_t out = (c * w.height.output + y) * w.width.output;
        for (const Tap& column : columns)
          for (int64_t x = column.begin; x < column.end; ++x)
            visit(out + x, in + x * w.width.stride + column.offset);
      }
}

// What each output's sum is divided by, along one axis: its taps on the input, or on the padding too.
std::vector<int64_t> divisors(const WindowAxis& axis, bool include_pad) {
  const int64_t begin = include_pad ? -axis.pad_before : 0;
  const int64_t end = axis.input + (include_pad ? axis.pad_after : 0);
  std::vector<int64_t> counts;
  for (int64_t o = 0; o < axis.output; ++o) counts.push_back(taps_within(axis, o, begin, end));
  return counts;
}

}  // namespace

std::vector<AttributeRule> pool_attributes() {
  std::vector<AttributeRule> rules = {{"filter", AttributeKind::pair, true, std::nullopt, 1}};
  for (AttributeRule& rule : window_attributes({})) rules.push_back(std::move(rule));
  rules.push_back({"ceil", AttributeKind::on_off, false, false});
  return rules;
}

OperatorResult<Shape> infer_pool(std::string_view op, const Attributes& attributes, const Shape& input) {
  if (auto error = want_map(op, input)) return *error;
  const auto resolved = resolve_window(attributes, input);
  if (const auto* error = std::get_if<OperatorError>(&resolved)) return *error;
  const Window& window = std::get<Window>(resolved);
  if (auto error = empty_window(window.height, "rows")) return *error;
  if (auto error = empty_window(window.width, "columns")) return *error;
  const Shape result = window_result(input.channels(), window);
  if (auto error = want_elements("pad", "the result", result)) return *error;
  return result;
}

std::string pool_formula(const Attributes& attributes, const std::vector<Shape>& inputs, const Shape&) {
  return window_formula(window_of(attributes, inputs.at(0)), is_on(attributes, "ceil"));
}

OperatorResult<Shape> infer_global_pool(std::string_view op, const Shape& input) {
  if (auto error = want_map(op, input)) return *error;
  return Shape{input.channels(), 1, 1};
}

// |max x̂ - max x| <= max |x̂ - x|, and taking a maximum rounds nothing.
Reference evaluate_max(const Window& window, const Shape& shape, const Reference& input) {
  Reference result{std::vector<double>(shape.elements(), -std::numeric_limits<double>::infinity()),
                   std::vector<double>(shape.elements())};
  for_each_tap(window, shape.channels(), [&](int64_t out, int64_t in) {
    const double value = input.values[in];
    if (value > result.values[out] || std::isnan(value)) result.values[out] = value;  // as a kernel does
    result.bounds[out] = std::max(result.bounds[out], input.bounds[in]);
  });
  return result;
}

// Of k taps: mean e + gamma(k + 1) mean (|x| + e): k - 1 additions, and a product with the rounded 1 / k. A
// compiler may average what the sums of a conv are of instead (passes/average_first.h). Then these roundings
// are ones of each product, as the conv's own gamma(terms + 3) is, and e is greater in proportion.
Reference evaluate_average(const Window& window, bool include_pad, const Shape& shape,
                           const Reference& input) {
  const int64_t taps = window.height.filter * window.width.filter;
  Reference result{std::vector<double>(shape.elements()), std::vector<double>(shape.elements())};
  const double g = gamma_k(taps + 1);
  const double e = input.terms > 0 ? gamma_k(input.terms + 3 + taps + 1) / gamma_k(input.terms + 3) : 1 + g;
  for_each_tap(window, shape.channels(), [&](int64_t out, int64_t in) {
    result.values[out] += input.values[in];
    result.bounds[out] += input.bounds[in] * e + g * std::fabs(input.values[in]);
  });
  const auto rows = divisors(window.height, include_pad), columns = divisors(window.width, include_pad);
  for (size_t i = 0; i < result.values.size(); ++i) {
    const double count = rows[i / columns.size() % rows.size()] * columns[i % columns.size()];
    result.values[i] /= count;
    result.bounds[i] = result.bounds[i] / count + rounding(taps + 1, 0);
  }
  return result;
}

}  // namespace cnnc
