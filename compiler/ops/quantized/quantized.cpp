#include "ops/quantized/quantized.h"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

namespace cnnc {

std::vector<AttributeRule> quantization_attributes() {
  return {{"scale", AttributeKind::real, false, std::nullopt, 0x1p-126, kGreatestFloat},
          {"zero_point", AttributeKind::integer, false, std::nullopt, 0, kGreatestByte}};
}

AttributeRule input_zero_point() {
  return {"input_zero_point", AttributeKind::integer, false, std::nullopt, 0, kGreatestByte};
}

Operator of_bytes(Operator of_floats, const OperatorWords& words, decltype(Operator::parameters) parameters,
                  decltype(Operator::evaluate) evaluate) {
  Operator op = std::move(of_floats);
  op.name = words.name;
  op.summary = words.summary;
  op.facts.takes = ElementType::uint8;
  op.attributes.push_back(input_zero_point());
  op.parameters = parameters;
  op.evaluate = evaluate;
  return op;
}

std::vector<ParameterRule> with_scales(std::vector<ParameterRule> of_floats) {
  of_floats.push_back({"scale", {of_floats.at(0).shape.sizes[0]}});
  return of_floats;
}

double reciprocal_of_scale(const Attributes& attributes) {
  return to_float(1 / float_of(attributes, "scale"));
}

const std::vector<int32_t>& integers_of(const Node& node, std::string_view parameter) {
  const Parameter* found = find_parameter(node, parameter);
  if (found && found->integers) return *found->integers;
  throw std::logic_error(fmt::format("'{}.{}' has no whole numbers", node.name, parameter));
}

std::vector<int64_t> without_zero_point(const Reference& input, int64_t zero_point) {
  std::vector<int64_t> terms;
  terms.reserve(input.values.size());
  for (const double value : input.values) terms.push_back(static_cast<int64_t>(value) - zero_point);
  return terms;
}

int64_t in_32_bits(const Node& node, int64_t sum) {
  if (sum >= INT32_MIN && sum <= INT32_MAX) return sum;
  throw std::logic_error(fmt::format("a sum of '{}' leaves the range of 32 bits", node.name));
}

}  // namespace cnnc
