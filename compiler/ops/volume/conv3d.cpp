// y[o, d, i, j] = bias[o] + sum over c, q, r, s of weight[o, c, q, r, s] *
//   x[c, d * stride - pad + q * dilation, i * stride - pad + r * dilation, …],
// where o sees the input channels of its group only: torch.nn.Conv3d.
#include <cmath>

#include "ops/checks.h"
#include "ops/reference.h"
#include "ops/volume/part_sizes.h"
#include "ops/volume/volume.h"
#include "ops/window/formulas.h"
#include "support/parallel.h"

namespace cnnc::ops {
namespace {

std::vector<AttributeRule> attributes() {
  std::vector<AttributeRule> rules = {{"channels", AttributeKind::integer, true, std::nullopt, 1},
                                      filter_attribute()};
  for (AttributeRule& rule : volume_attributes({1})) rules.push_back(std::move(rule));
  rules.push_back({"groups", AttributeKind::integer, false, int64_t{1}, 1});
  rules.push_back({"bias", AttributeKind::on_off, false, true});
  return rules;
}

// Output channels, input channels of a group, depth, rows, columns
Shape weight_shape(const Attributes& a, const Shape& input) {
  const Triple filter = triple_of(a, "filter");
  return {integer(a, "channels"), input.sizes[0] / integer(a, "groups"), filter[0], filter[1], filter[2]};
}

OperatorResult<Shape> infer(const Attributes& a, const std::vector<Shape>& inputs) {
  const Shape& input = inputs.at(0);
  const auto resolved = resolve_volume("conv3d", a, input);
  if (const auto* error = std::get_if<OperatorError>(&resolved)) return *error;
  const int64_t channels = integer(a, "channels");
  if (auto error = want_in_range("channels", channels, 1)) return *error;
  if (auto error = want_groups(integer(a, "groups"), input.sizes[0], channels)) return *error;
  if (auto error = want_elements("channels", "the weight", weight_shape(a, input))) return *error;
  const Volume& v = std::get<Volume>(resolved);
  const Shape result{channels, v[0].output, v[1].output, v[2].output};
  if (auto error = want_elements("channels", "the result", result)) return *error;
  if (auto error = want_parts_of_conv3d(v, channels, input)) return *error;
  return result;
}

std::vector<ParameterRule> parameters(const Attributes& a, const std::vector<Shape>& inputs) {
  std::vector<ParameterRule> rules = {{"weight", weight_shape(a, inputs.at(0))}};
  if (is_on(a, "bias")) rules.push_back({"bias", {integer(a, "channels")}});
  return rules;
}

// Within 62 bits: the shape rule holds the weights and the outputs to 2^31 each.
int64_t macs(const Attributes& a, const std::vector<Shape>& inputs, const Shape& output) {
  return weight_shape(a, inputs.at(0)).elements() / integer(a, "channels") * output.elements();
}

std::string formula(const Attributes& a, const std::vector<Shape>& inputs, const Shape&) {
  const Volume v = volume_of(a, inputs.at(0));
  return formula_of_all({axis_formula(v[0], false), axis_formula(v[1], false), axis_formula(v[2], false)});
}

// What is added up for one output channel: the sum, and its bound.
struct Sums {
  double *values, *bounds;
};

// A filter's taps on the input along each axis, the same for every output channel.
struct Filter {
  const Volume& volume;
  std::array<std::vector<Tap>, 3> taps;
};

// Adds one tap of the filter at all places of the result.
void add_tap(const Filter& f, const Tap& slice, const Tap& row, const Tap& column, double weight,
             const double* in, const double* charge, Sums sums) {
  const auto& [depth, height, width] = f.volume;
  const double magnitude = std::fabs(weight);
  for (int64_t d = slice.begin; d < slice.end; ++d)
    for (int64_t y = row.begin; y < row.end; ++y) {
      const int64_t from =
          ((d * depth.stride + slice.offset) * height.input + y * height.stride + row.offset) * width.input +
          column.offset;
      const int64_t to = (d * height.output + y) * width.output;
      for (int64_t x = column.begin; x < column.end; ++x) {
        sums.values[to + x] += weight * in[from + x * width.stride];
        sums.bounds[to + x] += magnitude * charge[from + x * width.stride];
      }
    }
}

void add_channel(const Filter& f, const float* weight, const double* in, const double* charge, Sums sums) {
  for (const Tap& slice : f.taps[0])
    for (const Tap& row : f.taps[1])
      for (const Tap& column : f.taps[2]) add_tap(f, slice, row, column, *weight++, in, charge, sums);
}

// The bound is that of 'conv' (ops/contraction/conv.cpp): of a sum in any order.
Reference evaluate(const Node& node, const std::vector<const Reference*>& inputs,
                   const std::vector<Shape>& shapes) {
  const Volume volume = volume_of(node.attributes, shapes.at(0));
  const Filter filter{volume, {taps_of(volume[0]), taps_of(volume[1]), taps_of(volume[2])}};
  const auto& weight = values_of(node, "weight");
  const bool has_bias = is_on(node.attributes, "bias");
  const int64_t outputs = node.shape.sizes[0], groups = integer(node.attributes, "groups");
  const int64_t terms = static_cast<int64_t>(weight.size()) / outputs,
                per_group = shapes[0].sizes[0] / groups;
  const int64_t taps = terms / per_group, plane = node.shape.elements() / outputs;
  const int64_t input_plane = shapes[0].elements() / shapes[0].sizes[0];
  const std::vector<double> charge = charges(*inputs.at(0), gamma_k(terms + 3));
  Reference result{std::vector<double>(node.shape.elements()), std::vector<double>(node.shape.elements()),
                   terms};
  in_parallel(outputs, [&](int64_t o) {
    const double bias = has_bias ? values_of(node, "bias")[o] : 0;
    const Sums sums{&result.values[o * plane], &result.bounds[o * plane]};
    std::fill_n(sums.values, plane, bias);
    std::fill_n(sums.bounds, plane, rounding(terms + 3, std::fabs(bias)));
    for (int64_t i = 0; i < per_group; ++i) {
      const int64_t at = (o / (outputs / groups) * per_group + i) * input_plane;
      add_channel(filter, &weight[o * terms + i * taps], &inputs[0]->values[at], &charge[at], sums);
    }
  });
  return result;
}

}  // namespace

extern const Operator conv3d = {"conv3d",
                                "a filter over depth, height and width and all channels of its group",
                                volume_facts(true),
                                1,
                                attributes(),
                                infer,
                                parameters,
                                macs,
                                formula,
                                evaluate};

}  // namespace cnnc::ops
