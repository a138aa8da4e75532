// A transposed convolution of volumes, as torch.nn.ConvTranspose3d:
//   y[o, d * stride - pad + q * dilation, i * stride - pad + r * dilation, …] +=
//     weight[c, o, q, r, s] * x[c, d, i, j],   beginning with bias[o],
// where c sees the output channels of its group only.
#include <cmath>

#include "ops/checks.h"
#include "ops/reference.h"
#include "ops/volume/part_sizes.h"
#include "ops/volume/volume.h"
#include "ops/window/formulas.h"
#include "ops/window/transposed_window.h"

namespace cnnc::ops {
namespace {

std::vector<AttributeRule> attributes() {
  std::vector<AttributeRule> rules = {{"channels", AttributeKind::integer, true, std::nullopt, 1},
                                      filter_attribute()};
  for (AttributeRule& rule : volume_attributes({1})) rules.push_back(std::move(rule));
  rules.push_back(
      {"output_pad", AttributeKind::shape, false, std::vector<int64_t>{0}, 0, 2147483647, "0x1x1"});
  rules.push_back({"groups", AttributeKind::integer, false, int64_t{1}, 1});
  rules.push_back({"bias", AttributeKind::on_off, false, true});
  return rules;
}

// Input channels, output channels of a group, depth, rows, columns
Shape weight_shape(const Attributes& a, const Shape& input) {
  const Triple filter = triple_of(a, "filter");
  return {input.sizes[0], integer(a, "channels") / integer(a, "groups"), filter[0], filter[1], filter[2]};
}

OperatorResult<Shape> infer(const Attributes& a, const std::vector<Shape>& inputs) {
  const Shape& input = inputs.at(0);
  const auto resolved = resolve_transposed_volume(a, input);
  if (const auto* error = std::get_if<OperatorError>(&resolved)) return *error;
  const int64_t channels = integer(a, "channels");
  if (auto error = want_in_range("channels", channels, 1)) return *error;
  if (auto error = want_groups(integer(a, "groups"), input.sizes[0], channels)) return *error;
  if (auto error = want_elements("channels", "the weight", weight_shape(a, input))) return *error;
  const Volume& v = std::get<Volume>(resolved);
  const Shape result{channels, v[0].input, v[1].input, v[2].input};
  if (auto error = want_elements("channels", "the result", result)) return *error;
  if (auto error = want_parts_of_upconv3d(v, triple_of(a, "output_pad"), channels, input)) return *error;
  return result;
}

std::vector<ParameterRule> parameters(const Attributes& a, const std::vector<Shape>& inputs) {
  std::vector<ParameterRule> rules = {{"weight", weight_shape(a, inputs.at(0))}};
  if (is_on(a, "bias")) rules.push_back({"bias", {integer(a, "channels")}});
  return rules;
}

// As 'upconv' counts them, within 62 bits.
int64_t macs(const Attributes& a, const std::vector<Shape>& inputs, const Shape&) {
  return weight_shape(a, inputs.at(0)).elements() * (inputs[0].elements() / inputs[0].sizes[0]);
}

std::string formula(const Attributes& a, const std::vector<Shape>& inputs, const Shape&) {
  const Volume v = transposed_volume_of(a, inputs.at(0));
  const Triple pads = triple_of(a, "output_pad");
  return formula_of_all({transposed_axis_formula(v[0], pads[0]), transposed_axis_formula(v[1], pads[1]),
                         transposed_axis_formula(v[2], pads[2])});
}

// Calls visit(input, result) with the places of a channel that the taps join.
template <class Visit>
void for_each_place(const Volume& v, const Tap& slice, const Tap& row, const Tap& column, Visit visit) {
  const auto& [depth, height, width] = v;
  for (int64_t d = slice.begin; d < slice.end; ++d)
    for (int64_t y = row.begin; y < row.end; ++y)
      for (int64_t x = column.begin; x < column.end; ++x)
        visit((d * height.output + y) * width.output + x,
              ((d * depth.stride + slice.offset) * height.input + y * height.stride + row.offset) *
                      width.input +
                  x * width.stride + column.offset);
}

// The bound is that of 'upconv' (ops/contraction/upconv.cpp).
Reference evaluate(const Node& node, const std::vector<const Reference*>& inputs,
                   const std::vector<Shape>& shapes) {
  const Volume v = transposed_volume_of(node.attributes, shapes.at(0));
  const auto& weight = values_of(node, "weight");
  const int64_t groups = integer(node.attributes, "groups"), outputs = node.shape.sizes[0];
  const int64_t group_inputs = shapes[0].sizes[0] / groups, group_outputs = outputs / groups;
  const int64_t plane = node.shape.elements() / outputs,
                input_plane = shapes[0].elements() / shapes[0].sizes[0];
  const int64_t terms = group_inputs * most_taps(v[0]) * most_taps(v[1]) * most_taps(v[2]);
  const std::vector<double> charge = charges(*inputs.at(0), gamma_k(terms + 3));
  Reference result{std::vector<double>(node.shape.elements()), std::vector<double>(node.shape.elements()),
                   terms};
  const float* next = weight.data();
  for (int64_t o = 0; o < outputs; ++o) {
    const double bias = is_on(node.attributes, "bias") ? values_of(node, "bias")[o] : 0;
    std::fill_n(&result.values[o * plane], plane, bias);
    std::fill_n(&result.bounds[o * plane], plane, rounding(terms + 3, std::fabs(bias)));
  }
  for (int64_t c = 0; c < shapes[0].sizes[0]; ++c)
    for (int64_t i = 0; i < group_outputs; ++i) {
      const int64_t to = (c / group_inputs * group_outputs + i) * plane, from = c * input_plane;
      for (const Tap& slice : taps_of(v[0]))
        for (const Tap& row : taps_of(v[1]))
          for (const Tap& column : taps_of(v[2])) {
            const double w = *next++;
            for_each_place(v, slice, row, column, [&](int64_t in, int64_t out) {
              result.values[to + out] += w * inputs[0]->values[from + in];
              result.bounds[to + out] += std::fabs(w) * charge[from + in];
            });
          }
    }
  return result;
}

}  // namespace

extern const Operator upconv3d = {"upconv3d",
                                  "a transposed convolution over depth, height and width",
                                  volume_facts(true),
                                  1,
                                  attributes(),
                                  infer,
                                  parameters,
                                  macs,
                                  formula,
                                  evaluate};

}  // namespace cnnc::ops
