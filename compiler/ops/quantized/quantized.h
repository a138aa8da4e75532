// What the operators of quantised networks have in common. They are no layers of a text: quantize/ puts them
// into a graph. A tensor of bytes has, in references too, the numbers that are stored, 0 to 255; the real one
// that a number q stands for is scale * (q - zero_point).
//
// Each operation on floats here is one of IEEE 754, rounded to nearest, in the order that is written: no
// multiply-add, no other order. So every processor computes the same bits, and of exact inputs the bounds are
// 0.
#pragma once
#include <string_view>
#include <vector>

#include "ops/elementwise/elementwise.h"
#include "ops/operator.h"

namespace cnnc {

constexpr double kGreatestByte = 255;

// The greatest magnitude of a weight of 8 bits, and of 7: the sum of two products with bytes then fits into
// 16.
constexpr int32_t kGreatestWeight = 127, kGreatestWeightOf7Bits = 64;

// scale (a float above 0), zero_point (0 to 255)
std::vector<AttributeRule> quantization_attributes();

// A double that holds the exact sum, difference or product of two floats, as a float. Twice rounded is here
// as once: a double has more than twice a float's bits, and two (Figueroa 1995, "When is double rounding
// innocuous?").
inline double to_float(double exact) {
  return static_cast<double>(static_cast<float>(exact));
}

// The float that `scale` is divided by: 1 / scale, rounded.
double reciprocal_of_scale(const Attributes& attributes);

// The whole numbers of a node's parameter; throws std::logic_error if it has none or it is not bound.
const std::vector<int32_t>& integers_of(const Node& node, std::string_view parameter);

struct OperatorWords {
  std::string_view name, summary;
};
// An operator on bytes that has the attributes, with `input_zero_point` behind them, the shapes and the work
// of one on floats.
Operator of_bytes(Operator of_floats, const OperatorWords& words, decltype(Operator::parameters) parameters,
                  decltype(Operator::evaluate) evaluate);

// Attribute of an operator that sums bytes.
AttributeRule input_zero_point();

// The parameters of a layer, and `scale`, one for each output of the weight.
std::vector<ParameterRule> with_scales(std::vector<ParameterRule> of_floats);

// A sum of products of whole numbers, times a scale: float(sum) * scale.
inline double scaled(int64_t sum, float scale) {
  return to_float(static_cast<double>(static_cast<float>(sum)) * static_cast<double>(scale));
}

// The same where the sum is off by up to so much.
inline double scaled_bound(double off, double value, float scale) {
  const double inherited = off * std::fabs(static_cast<double>(scale));
  return inherited == 0 ? 0 : inherited + rounding(3, std::fabs(value) + inherited);
}

// What the numbers q count in sums: q - zero_point.
std::vector<int64_t> without_zero_point(const Reference& input, int64_t zero_point);

// A sum; throws std::logic_error where it leaves the range of 32 bits, which kernels have.
int64_t in_32_bits(const Node& node, int64_t sum);

}  // namespace cnnc
