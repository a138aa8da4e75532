// y[o] = float(bias[o] + sum of weight[o, i] * (x[i] - input_zero_point)) * scale[o]: a dense layer of bytes,
// as integer_conv.cpp.
#include <cstdlib>

#include "ops/quantized/quantized.h"
#include "ops/registry.h"

namespace cnnc::ops {
namespace {

std::vector<ParameterRule> parameters(const Attributes& a, const std::vector<Shape>& inputs) {
  return with_scales(find_layer("dense")->parameters(a, inputs));
}

Reference evaluate(const Node& node, const std::vector<const Reference*>& inputs,
                   const std::vector<Shape>& shapes) {
  const Attributes& a = node.attributes;
  const std::vector<int32_t>& weight = integers_of(node, "weight");
  const std::vector<float>& scale = values_of(node, "scale");
  const std::vector<int64_t> in = without_zero_point(*inputs.at(0), integer(a, "input_zero_point"));
  const int64_t length = shapes.at(0).sizes.back(), outputs = node.shape.sizes.back();
  Reference result;
  for (int64_t row = 0; row < node.shape.elements() / outputs; ++row)
    for (int64_t o = 0; o < outputs; ++o) {
      int64_t sum = is_on(a, "bias") ? integers_of(node, "bias")[o] : 0;
      double off = 0;
      for (int64_t i = 0; i < length; ++i) {
        const int64_t w = weight[o * length + i];
        sum += w * in[row * length + i];
        off += static_cast<double>(std::abs(w)) * inputs[0]->bounds[row * length + i];
      }
      result.values.push_back(scaled(in_32_bits(node, sum), scale[o]));
      result.bounds.push_back(scaled_bound(off, result.values.back(), scale[o]));
    }
  return result;
}

}  // namespace

const Operator& integer_dense() {
  static const Operator op =
      of_bytes(*find_layer("dense"), {"integer_dense", "a dense layer of bytes"}, parameters, evaluate);
  return op;
}

}  // namespace cnnc::ops
