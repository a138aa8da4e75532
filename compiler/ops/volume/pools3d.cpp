// The greatest element, or the mean, of each window of depth x height x width: torch.nn.MaxPool3d, AvgPool3d.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "ops/checks.h"
#include "ops/reference.h"
#include "ops/volume/part_sizes.h"
#include "ops/volume/volume.h"
#include "ops/window/formulas.h"

namespace cnnc::ops {
namespace {

std::vector<AttributeRule> attributes(bool is_average) {
  std::vector<AttributeRule> rules = {filter_attribute()};
  for (AttributeRule& rule : volume_attributes({})) rules.push_back(std::move(rule));
  rules.push_back({"ceil", AttributeKind::on_off, false, false});
  if (is_average) rules.push_back({"include_pad", AttributeKind::on_off, false, true});
  return rules;
}

// Every window holds an element of the input, as windows of maps do (ops/window/pool.cpp).
std::optional<OperatorError> empty_window(const WindowAxis& axis) {
  const int64_t pad = std::max(axis.pad_before, axis.pad_after);
  if (pad < span(axis) && (pad == 0 || axis.dilation <= axis.input)) return std::nullopt;
  return OperatorError{
      "pad",
      fmt::format("a window would lie on padding alone: {} of padding, and a window spans {}, "
                  "its taps {} apart on an input of {}",
                  pad, span(axis), axis.dilation, axis.input),
      "pad by less than the filter's size, and dilate by less than the input's"};
}

OperatorResult<Shape> infer_pool(std::string_view op, const Attributes& a, const Shape& input) {
  const auto resolved = resolve_volume(op, a, input);
  if (const auto* error = std::get_if<OperatorError>(&resolved)) return *error;
  const Volume& v = std::get<Volume>(resolved);
  for (const WindowAxis& axis : v)
    if (auto error = empty_window(axis)) return *error;
  const Shape result{input.sizes[0], v[0].output, v[1].output, v[2].output};
  if (auto error = want_elements("pad", "the result", result)) return *error;
  if (auto error = want_parts_of_pool(v, input)) return *error;
  return result;
}

OperatorResult<Shape> infer_max(const Attributes& a, const std::vector<Shape>& inputs) {
  return infer_pool("maxpool3d", a, inputs.at(0));
}

OperatorResult<Shape> infer_average(const Attributes& a, const std::vector<Shape>& inputs) {
  return infer_pool("avgpool3d", a, inputs.at(0));
}

std::string formula(const Attributes& a, const std::vector<Shape>& inputs, const Shape&) {
  const Volume v = volume_of(a, inputs.at(0));
  const bool ceil = is_on(a, "ceil");
  return formula_of_all({axis_formula(v[0], ceil), axis_formula(v[1], ceil), axis_formula(v[2], ceil)});
}

// Calls visit(result, input) with the indices of each element of the result and each of the input in its
// window.
template <class Visit>
void for_each_tap(const Volume& v, int64_t channels, Visit visit) {
  const auto& [depth, height, width] = v;
  const auto slices = taps_of(depth), rows = taps_of(height), columns = taps_of(width);
  for (int64_t c = 0; c < channels; ++c)
    for (const Tap& slice : slices)
      for (int64_t d = slice.begin; d < slice.end; ++d)
        for (const Tap& row : rows)
          for (int64_t y = row.begin; y < row.end; ++y) {
            const int64_t at = c * depth.input + d * depth.stride + slice.offset;
            const int64_t in = (at * height.input + y * height.stride + row.offset) * width.input;
            const int64_t out = ((c * depth.output + d) * height.output + y) * width.output;
            for (const Tap& column : columns)
              for (int64_t x = column.begin; x < column.end; ++x)
                visit(out + x, in + x * width.stride + column.offset);
          }
}

Reference evaluate_max(const Node& node, const std::vector<const Reference*>& inputs,
                       const std::vector<Shape>& shapes) {
  const auto count = static_cast<size_t>(node.shape.elements());
  Reference result{std::vector<double>(count, -std::numeric_limits<double>::infinity()),
                   std::vector<double>(count)};
  for_each_tap(volume_of(node.attributes, shapes.at(0)), node.shape.sizes[0], [&](int64_t out, int64_t in) {
    const double value = inputs.at(0)->values[in];
    if (value > result.values[out] || std::isnan(value)) result.values[out] = value;
    result.bounds[out] = std::max(result.bounds[out], inputs[0]->bounds[in]);
  });
  return result;
}

// The taps of each window along an axis on the input, or on the padding too, which divide a sum.
std::vector<double> divisors(const WindowAxis& axis, bool include_pad) {
  std::vector<double> counts;
  for (int64_t o = 0; o < axis.output; ++o)
    counts.push_back(static_cast<double>(taps_within(axis, o, include_pad ? -axis.pad_before : 0,
                                                     axis.input + (include_pad ? axis.pad_after : 0))));
  return counts;
}

// Of k taps: mean e + gamma(k + 3) mean (|x| + e). A compiler may take the mean of means along some axes:
// with each level comes a product with a rounded reciprocal.
Reference evaluate_average(const Node& node, const std::vector<const Reference*>& inputs,
                           const std::vector<Shape>& shapes) {
  const Volume v = volume_of(node.attributes, shapes.at(0));
  int64_t taps = 1;  // that can lie on the input: beyond, they add zeros
  for (const WindowAxis& axis : v) taps *= std::min(axis.filter, axis.input);
  const double g = gamma_k(taps + 3);
  const auto count = static_cast<size_t>(node.shape.elements());
  Reference result{std::vector<double>(count), std::vector<double>(count)};
  for_each_tap(v, node.shape.sizes[0], [&](int64_t out, int64_t in) {
    result.values[out] += inputs.at(0)->values[in];
    result.bounds[out] += inputs[0]->bounds[in] * (1 + g) + g * std::fabs(inputs[0]->values[in]);
  });
  const bool include_pad = is_on(node.attributes, "include_pad");
  const auto slices = divisors(v[0], include_pad), rows = divisors(v[1], include_pad),
             columns = divisors(v[2], include_pad);
  for (size_t i = 0; i < count; ++i) {
    const size_t row = i / columns.size();
    const double n =
        columns[i % columns.size()] * rows[row % rows.size()] * slices[row / rows.size() % slices.size()];
    result.values[i] /= n;
    result.bounds[i] = result.bounds[i] / n + rounding(taps + 3, 0);
  }
  return result;
}

Operator pool(std::string_view name, std::string_view summary, bool is_average,
              decltype(Operator::infer) infer, decltype(Operator::evaluate) evaluate) {
  Operator op{name, summary, volume_facts(false), 1, attributes(is_average), infer};
  op.formula = formula;
  op.evaluate = evaluate;
  return op;
}

}  // namespace

extern const Operator avgpool3d =
    pool("avgpool3d", "the mean of each window of a volume", true, infer_average, evaluate_average);
extern const Operator maxpool3d =
    pool("maxpool3d", "the greatest element of each window of a volume", false, infer_max, evaluate_max);

}  // namespace cnnc::ops
