// A transposed convolution, as torch.nn.ConvTranspose2d:
//   y[o, i * stride - pad + r * dilation, …] += weight[c, o, r, s] * x[c, i, j],   beginning with bias[o],
// where c sees the output channels of its group only.
#include <algorithm>
#include <cmath>

#include "ops/checks.h"
#include "ops/reference.h"
#include "ops/window/transposed_window.h"

namespace cnnc::ops {
namespace {

std::vector<AttributeRule> attributes() {
  using Sizes = std::vector<int64_t>;
  return {{"channels", AttributeKind::integer, true, std::nullopt, 1},
          {"filter", AttributeKind::pair, true, std::nullopt, 1},
          {"stride", AttributeKind::pair, false, Sizes{1, 1}, 1},
          {"pad", AttributeKind::padding, false, Sizes{0, 0, 0, 0}},
          {"output_pad", AttributeKind::pair, false, Sizes{0, 0}},
          {"dilation", AttributeKind::pair, false, Sizes{1, 1}, 1},
          {"groups", AttributeKind::integer, false, int64_t{1}, 1},
          {"bias", AttributeKind::on_off, false, true}};
}

// IOHW
Shape weight_shape(const Attributes& a, const Shape& input) {
  const auto& filter = sizes(a, "filter");
  return {input.channels(), integer(a, "channels") / integer(a, "groups"), filter.at(0), filter.at(1)};
}

OperatorResult<Shape> infer(const Attributes& a, const std::vector<Shape>& inputs) {
  const Shape& input = inputs.at(0);
  if (auto error = want_map("upconv", input)) return *error;
  const int64_t channels = integer(a, "channels");
  if (auto error = want_in_range("channels", channels, 1)) return *error;
  if (auto error = want_groups(integer(a, "groups"), input.channels(), channels)) return *error;
  const auto window = resolve_transposed_window(a, input);
  if (const auto* error = std::get_if<OperatorError>(&window)) return *error;
  if (auto error = want_elements("channels", "the weight", weight_shape(a, input))) return *error;
  const Window& w = std::get<Window>(window);
  const Shape result{channels, w.height.input, w.width.input};
  if (auto error = want_elements("channels", "the result", result)) return *error;
  return result;
}

std::vector<ParameterRule> parameters(const Attributes& a, const std::vector<Shape>& inputs) {
  std::vector<ParameterRule> rules = {{"weight", weight_shape(a, inputs.at(0))}};
  if (is_on(a, "bias")) rules.push_back({"bias", {integer(a, "channels")}});
  return rules;
}

// Every element of the input with each of its weights, those that padding cuts off too. Within 62 bits: the
// weight and the input have at most 2^31 elements each.
int64_t macs(const Attributes& a, const std::vector<Shape>& inputs, const Shape&) {
  return weight_shape(a, inputs.at(0)).elements() * (inputs[0].height() * inputs[0].width());
}

std::string formula(const Attributes& a, const std::vector<Shape>& inputs, const Shape&) {
  return transposed_window_formula(a, transposed_window_of(a, inputs.at(0)));
}

// Adds one tap of a row of the input to a row of outputs.
void add_tap(const Tap& tap, int64_t stride, double weight, const double* in, const double* charge,
             double* __restrict values, double* __restrict bounds) {
  const double magnitude = std::fabs(weight);
  for (int64_t i = tap.begin; i < tap.end; ++i) {
    values[i * stride + tap.offset] += weight * in[i];
    bounds[i * stride + tap.offset] += magnitude * charge[i];
  }
}

// A filter's taps on the result, the same for all channels.
struct Filter {
  const Window& window;
  std::vector<Tap> rows, columns;
};

// Adds what one input channel gives to one output channel.
void add_channel(const Filter& f, const float* weight, const double* in, const double* charge, double* values,
                 double* bounds) {
  const int64_t width = f.window.width.output, result_width = f.window.width.input;
  for (const Tap& row : f.rows)
    for (const Tap& column : f.columns) {
      const double w = *weight++;
      for (int64_t y = row.begin; y < row.end; ++y) {
        const int64_t to = (y * f.window.height.stride + row.offset) * result_width;
        add_tap(column, f.window.width.stride, w, in + y * width, charge + y * width, values + to,
                bounds + to);
      }
    }
}

// The bound is conv's: sum |w| e + gamma(k + 2) (sum |w| (|x| + e) + |b|), with k the most products that make
// one output, and one for the bias.
Reference evaluate(const Node& node, const std::vector<const Reference*>& inputs,
                   const std::vector<Shape>& shapes) {
  const Window window = transposed_window_of(node.attributes, shapes.at(0));
  const auto& weight = values_of(node, "weight");
  const int64_t groups = integer(node.attributes, "groups"), plane = window.height.input * window.width.input;
  const int64_t group_inputs = shapes[0].channels() / groups, group_outputs = node.shape.channels() / groups;
  const int64_t input_plane = window.height.output * window.width.output;
  const int64_t taps = window.height.filter * window.width.filter;
  const Filter filter{window, taps_of(window.height), taps_of(window.width)};
  const int64_t terms = group_inputs * most_taps(window.height) * most_taps(window.width);
  const std::vector<double> charge = charges(*inputs.at(0), gamma_k(terms + 3));

  Reference result{std::vector<double>(node.shape.elements()), std::vector<double>(node.shape.elements()),
                   terms};
  for (int64_t o = 0; o < node.shape.channels(); ++o) {
    const double bias = is_on(node.attributes, "bias") ? values_of(node, "bias")[o] : 0;
    double *values = &result.values[o * plane], *bounds = &result.bounds[o * plane];
    std::fill_n(values, plane, bias);
    std::fill_n(bounds, plane, rounding(terms + 3, std::fabs(bias)));
    for (int64_t i = 0; i < group_inputs; ++i) {
      const int64_t c = o / group_outputs * group_inputs + i;
      add_channel(filter, &weight[(c * group_outputs + o % group_outputs) * taps],
                  &inputs[0]->values[c * input_plane], &charge[c * input_plane], values, bounds);
    }
  }
  return result;
}

}  // namespace

extern const Operator upconv = {"upconv",
                                "a transposed convolution: each element spread by a filter",
                                contraction_facts(),
                                1,
                                attributes(),
                                infer,
                                parameters,
                                macs,
                                formula,
                                evaluate};

}  // namespace cnnc::ops
