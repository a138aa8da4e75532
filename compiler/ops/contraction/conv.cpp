// y[o, i, j] = bias[o] + sum over c, r, s of weight[o, c, r, s] * x[c, i * stride - pad + r * dilation, …]
// where o sees the input channels of its group only.
#include <cmath>

#include "ops/checks.h"
#include "ops/reference.h"
#include "ops/window/window.h"
#include "support/parallel.h"

namespace cnnc::ops {
namespace {

std::vector<AttributeRule> attributes() {
  std::vector<AttributeRule> rules = {{"channels", AttributeKind::integer, true, std::nullopt, 1},
                                      {"filter", AttributeKind::pair, true, std::nullopt, 1}};
  for (AttributeRule& rule : window_attributes({1, 1})) rules.push_back(std::move(rule));
  rules.push_back({"groups", AttributeKind::integer, false, int64_t{1}, 1});
  rules.push_back({"bias", AttributeKind::on_off, false, true});
  return rules;
}

// OIHW
Shape weight_shape(const Attributes& a, const Shape& input) {
  const auto& filter = sizes(a, "filter");
  return {integer(a, "channels"), input.channels() / integer(a, "groups"), filter.at(0), filter.at(1)};
}

OperatorResult<Shape> infer(const Attributes& a, const std::vector<Shape>& inputs) {
  const Shape& input = inputs.at(0);
  if (auto error = want_map("conv", input)) return *error;
  const int64_t channels = integer(a, "channels");
  if (auto error = want_in_range("channels", channels, 1)) return *error;
  if (auto error = want_groups(integer(a, "groups"), input.channels(), channels)) return *error;
  const auto window = resolve_window(a, input);
  if (const auto* error = std::get_if<OperatorError>(&window)) return *error;
  if (auto error = want_elements("channels", "the weight", weight_shape(a, input))) return *error;
  const Shape result = window_result(channels, std::get<Window>(window));
  if (auto error = want_elements("channels", "the result", result)) return *error;
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
  return window_formula(window_of(a, inputs.at(0)));
}

// The bound of an output, from Higham's (3.5) for the dot product of the computed inputs x̂, |x̂ - x| <= e:
//   sum |w| e + gamma(k + 2) (sum |w| (|x| + e) + |b|),   k = products + 1 for the bias,
// in any order of summation. The dot product itself needs gamma(k); the rest lets a compiler round each
// weight and the bias once more, as folding a batch normalization into them does. So an input element counts
// |w| times its charge, e (1 + gamma) + gamma |x|.

// Adds one tap of one filter row to a row of outputs.
void add_tap(const Tap& tap, int64_t stride, double weight, const double* in, const double* charge,
             double* __restrict values, double* __restrict bounds) {
  const double magnitude = std::fabs(weight);
  for (int64_t o = tap.begin; o < tap.end; ++o) {
    values[o] += weight * in[o * stride + tap.offset];
    bounds[o] += magnitude * charge[o * stride + tap.offset];
  }
}

// A filter's taps on the input, the same for every output channel.
struct Filter {
  const Window& window;
  std::vector<Tap> rows, columns;
  int64_t channels;  // of one group
};

// Adds all taps to output row `y` of one output channel.
void add_taps(const Filter& f, int64_t y, const float* weight, const double* in, const double* charge,
              double* values, double* bounds) {
  const int64_t height = f.window.height.input, width = f.window.width.input;
  for (int64_t c = 0; c < f.channels; ++c) {
    for (const Tap& row : f.rows) {
      const int64_t at = (c * height + y * f.window.height.stride + row.offset) * width;
      if (y < row.begin || y >= row.end) {
        weight += f.columns.size();
        continue;
      }
      for (const Tap& column : f.columns)
        add_tap(column, f.window.width.stride, *weight++, in + at, charge + at, values, bounds);
    }
  }
}

Reference evaluate(const Node& node, const std::vector<const Reference*>& inputs,
                   const std::vector<Shape>& shapes) {
  const Window window = window_of(node.attributes, shapes.at(0));
  const auto& weight = values_of(node, "weight");
  const std::vector<float> none(node.shape.channels());
  const auto& bias = is_on(node.attributes, "bias") ? values_of(node, "bias") : none;
  const int64_t outputs = node.shape.channels(), filter_size = weight.size() / outputs;
  const int64_t per_group = shapes[0].channels() / integer(node.attributes, "groups");
  const int64_t group_elements = per_group * shapes[0].height() * shapes[0].width();
  const int64_t outputs_of_group = outputs / integer(node.attributes, "groups");
  const Filter filter{window, taps_of(window.height), taps_of(window.width), per_group};
  const double g = gamma_k(filter_size + 3);
  const std::vector<double> charge = charges(*inputs.at(0), g);

  Reference result{std::vector<double>(node.shape.elements()), std::vector<double>(node.shape.elements()),
                   filter_size};
  in_parallel(outputs, [&](int64_t o) {
    const int64_t group = o / outputs_of_group * group_elements;
    for (int64_t y = 0; y < window.height.output; ++y) {
      const int64_t at = (o * window.height.output + y) * window.width.output;
      double *values = &result.values[at], *bounds = &result.bounds[at];
      std::fill_n(values, window.width.output, bias[o]);
      std::fill_n(bounds, window.width.output, rounding(filter_size + 3, std::fabs(bias[o])));
      add_taps(filter, y, &weight[o * filter_size], &inputs[0]->values[group], &charge[group], values,
               bounds);
    }
  });
  return result;
}

}  // namespace

extern const Operator conv = {"conv",
                              "a filter over all channels of its group",
                              contraction_facts(),
                              1,
                              attributes(),
                              infer,
                              parameters,
                              macs,
                              formula,
                              evaluate};

}  // namespace cnnc::ops
