// q = rint(x * (1 / scale)) + zero_point, held to 0 ... 255; rint rounds halves to even (ONNX's
// QuantizeLinear, which divides). What is no number becomes 0.
#include "ops/quantized/quantized.h"

namespace cnnc::ops {
namespace {

// Monotone, so that an error moves the result no farther than at its ends.
double quantized(const Attributes& attributes, double x) {
  const double zero_point = static_cast<double>(integer(attributes, "zero_point"));
  if (std::isnan(x)) return 0;
  const double steps = to_float(to_float(x) * reciprocal_of_scale(attributes));
  return std::clamp(std::nearbyint(steps) + zero_point, 0.0, kGreatestByte);
}

Element apply(const Attributes& attributes, Element x) {
  const auto f = [&](double t) { return quantized(attributes, t); };
  return {f(x.value), inherited_error(f, x)};
}

Operator make() {
  Operator op = activation<apply>("quantize", "floats as bytes", quantization_attributes(), cheap_facts());
  op.facts.stores = ElementType::uint8;
  return op;
}

}  // namespace

extern const Operator quantize = make();

}  // namespace cnnc::ops
