// y[c, i, j] = float(sum of (x[c, ...] - input_zero_point) over the window) * scale: the mean of bytes, where
// the scale is divided by the filter's taps; padding counts as the zero point, adding nothing.
#include "ops/quantized/quantized.h"
#include "ops/window/pool.h"

namespace cnnc::ops {
namespace {

std::vector<AttributeRule> attributes() {
  std::vector<AttributeRule> rules = pool_attributes();
  rules.push_back(input_zero_point());
  rules.push_back({"scale", AttributeKind::real, false, std::nullopt, 0x1p-126, kGreatestFloat});
  return rules;
}

OperatorResult<Shape> infer(const Attributes& a, const std::vector<Shape>& inputs) {
  return infer_pool("integer_avgpool", a, inputs.at(0));
}

template <class T>
T sum_of_window(const Window& w, int64_t y, int64_t x, const T* in) {
  T sum = 0;
  for (int64_t r = 0; r < w.height.filter; ++r)
    for (int64_t s = 0; s < w.width.filter; ++s) {
      const int64_t row = y * w.height.stride - w.height.pad_before + r * w.height.dilation,
                    column = x * w.width.stride - w.width.pad_before + s * w.width.dilation;
      if (row >= 0 && row < w.height.input && column >= 0 && column < w.width.input)
        sum += in[row * w.width.input + column];
    }
  return sum;
}

Reference evaluate(const Node& node, const std::vector<const Reference*>& inputs,
                   const std::vector<Shape>& shapes) {
  const Window window = window_of(node.attributes, shapes.at(0));
  const std::vector<int64_t> in =
      without_zero_point(*inputs.at(0), integer(node.attributes, "input_zero_point"));
  const auto scale = static_cast<float>(real(node.attributes, "scale"));
  const int64_t plane = shapes[0].height() * shapes[0].width();
  Reference result;
  for (int64_t c = 0; c < node.shape.channels(); ++c)
    for (int64_t y = 0; y < window.height.output; ++y)
      for (int64_t x = 0; x < window.width.output; ++x) {
        result.values.push_back(scaled(in_32_bits(node, sum_of_window(window, y, x, &in[c * plane])), scale));
        const double off = sum_of_window(window, y, x, &inputs[0]->bounds[c * plane]);
        result.bounds.push_back(scaled_bound(off, result.values.back(), scale));
      }
  return result;
}

OperatorFacts facts() {
  OperatorFacts facts = window_facts();
  facts.takes_epilogue = true;
  facts.takes = ElementType::uint8;
  return facts;
}

}  // namespace

extern const Operator integer_avgpool = {"integer_avgpool", "the mean of each window of bytes",
                                         facts(),           1,
                                         attributes(),      infer,
                                         nullptr,           nullptr,
                                         pool_formula,      evaluate};

}  // namespace cnnc::ops
