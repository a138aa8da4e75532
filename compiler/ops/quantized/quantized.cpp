#include "ops/quantized/quantized.h"

#include <fmt/format.h>

#include <stdexcept>

namespace cnnc {

std::vector<AttributeRule> quantization_attributes() {
  return {{"scale", AttributeKind::real, false, std::nullopt, 0x1p-126, kGreatestFloat},
          {"zero_point", AttributeKind::integer, false, std::nullopt, 0, kGreatestByte}};
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
