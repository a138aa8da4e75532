// y[o, i, j] = float(bias[o] + sum of weight[o, c, r, s] * (x[c, ...] - input_zero_point)) * scale[o]: a conv
// of bytes, by signed bytes, with sums in 32 bits; padding counts as the zero point (ONNX's QLinearConv,
// whose last step, the rounding to bytes, is an epilogue here).
#include <cstdlib>

#include "ops/quantized/quantized.h"
#include "ops/registry.h"
#include "ops/window/window.h"
#include "support/parallel.h"

namespace cnnc::ops {
namespace {

std::vector<ParameterRule> parameters(const Attributes& a, const std::vector<Shape>& inputs) {
  return with_scales(find_layer("conv")->parameters(a, inputs));
}

// The sums of products of a node's weights with whole numbers or, of magnitudes, with the errors of the
// input.
struct Sums {
  const Node& node;
  const Shape& input;
  Window window = window_of(node.attributes, input);
  std::vector<Tap> rows = taps_of(window.height), columns = taps_of(window.width);
  const std::vector<int32_t>& weight = integers_of(node, "weight");
  int64_t outputs = node.shape.channels(), groups = integer(node.attributes, "groups");
  int64_t group_inputs = input.channels() / groups, group_outputs = outputs / groups;
  int64_t plane = window.height.output * window.width.output;

  // One input channel's share.
  template <class T, class Weight>
  void add_channel(const int32_t* weights, const T* in, Weight weight_of, T* sums) const {
    for (const Tap& row : rows)
      for (const Tap& column : columns) {
        const T w = weight_of(*weights++);
        for (int64_t y = row.begin; w != 0 && y < row.end; ++y) {
          const T* from = in + (y * window.height.stride + row.offset) * window.width.input;
          T* to = sums + y * window.width.output;
          for (int64_t x = column.begin; x < column.end; ++x)
            to[x] += w * from[x * window.width.stride + column.offset];
        }
      }
  }

  // Those of one output channel, from a first value on.
  template <class T, class Weight>
  std::vector<T> of_output(int64_t o, T first, const std::vector<T>& in, Weight weight_of) const {
    std::vector<T> sums(plane, first);
    for (int64_t c = 0; c < group_inputs; ++c)
      add_channel(&weight[(o * group_inputs + c) * rows.size() * columns.size()],
                  &in[(o / group_outputs * group_inputs + c) * input.height() * input.width()], weight_of,
                  sums.data());
    return sums;
  }
};

bool has_errors(const Reference& input) {
  return std::any_of(input.bounds.begin(), input.bounds.end(), [](double bound) { return bound != 0; });
}

// Of a byte that may be another the result is off by its steps, times the magnitude of its weight.
Reference evaluate(const Node& node, const std::vector<const Reference*>& inputs,
                   const std::vector<Shape>& shapes) {
  const Sums sums{node, shapes.at(0)};
  const std::vector<float>& scale = values_of(node, "scale");
  const std::vector<int64_t> in =
      without_zero_point(*inputs.at(0), integer(node.attributes, "input_zero_point"));
  const bool has_bias = is_on(node.attributes, "bias"), errs = has_errors(*inputs[0]);
  Reference result{std::vector<double>(node.shape.elements()), std::vector<double>(node.shape.elements())};
  in_parallel(sums.outputs, [&](int64_t o) {
    const int64_t bias = has_bias ? integers_of(node, "bias")[o] : 0;
    const auto exact = sums.of_output<int64_t>(o, bias, in, [](int32_t w) { return w; });
    for (int64_t i = 0; i < sums.plane; ++i)
      result.values[o * sums.plane + i] = scaled(in_32_bits(node, exact[i]), scale[o]);
    if (!errs) return;
    const auto off = sums.of_output<double>(o, 0, inputs[0]->bounds, [](int32_t w) { return std::abs(w); });
    for (int64_t i = 0; i < sums.plane; ++i)
      result.bounds[o * sums.plane + i] = scaled_bound(off[i], result.values[o * sums.plane + i], scale[o]);
  });
  return result;
}

}  // namespace

const Operator& integer_conv() {
  static const Operator op =
      of_bytes(*find_layer("conv"), {"integer_conv", "a conv of bytes"}, parameters, evaluate);
  return op;
}

}  // namespace cnnc::ops
