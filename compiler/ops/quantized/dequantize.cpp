// float(q - zero_point) * scale (ONNX's DequantizeLinear); and the same of an operand, added:
// x + float(q - zero_point) * scale.
#include "ops/quantized/quantized.h"

namespace cnnc::ops {
namespace {

double dequantized(const Attributes& attributes, double q) {
  return to_float((q - static_cast<double>(integer(attributes, "zero_point"))) *
                  float_of(attributes, "scale"));
}

// A byte that may be another is off by whole steps.
Element apply(const Attributes& attributes, Element q) {
  return {dequantized(attributes, q.value), q.bound * float_of(attributes, "scale") * (1 + 2 * kRoundoff)};
}

Reference evaluate_sum(const Node& node, const std::vector<const Reference*>& inputs,
                       const std::vector<Shape>&) {
  Reference sum;
  for (int64_t i = 0; i < static_cast<int64_t>(inputs.at(0)->values.size()); ++i) {
    const Element x = element_at(*inputs[0], i), r = apply(node.attributes, element_at(*inputs.at(1), i));
    const double inherited = x.bound + r.bound, exact = x.value + r.value;
    sum.values.push_back(to_float(exact));
    sum.bounds.push_back(inherited == 0 ? 0 : inherited + rounding(2, std::fabs(exact) + inherited));
  }
  return sum;
}

OperatorFacts dequantize_facts() {
  OperatorFacts facts;
  facts.takes_epilogue = true;
  facts.takes = ElementType::uint8;
  return facts;
}

OperatorFacts sum_facts() {
  OperatorFacts facts = join_facts(true);
  facts.is_commutative = false;
  facts.takes = ElementType::uint8;
  return facts;
}

Operator make_dequantize() {
  return activation<apply>("dequantize", "bytes as floats", quantization_attributes(), dequantize_facts());
}

}  // namespace

extern const Operator dequantize = make_dequantize();
extern const Operator add_dequantized = {"add_dequantized",
                                         "the sum with bytes as floats; an epilogue alone",
                                         sum_facts(),
                                         2,
                                         quantization_attributes(),
                                         infer_same,
                                         nullptr,
                                         nullptr,
                                         nullptr,
                                         evaluate_sum};

}  // namespace cnnc::ops
