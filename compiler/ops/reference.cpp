#include "ops/reference.h"

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

namespace cnnc {

double gamma_k(int64_t k) {
  const double ku = static_cast<double>(k) * kRoundoff;
  return ku < 0.5 ? ku / (1 - ku) : 2 * ku;
}

double rounding(int64_t k, double magnitude) {
  if (k == 0) return 0;  // of what is infinite, too
  return gamma_k(k) * magnitude + static_cast<double>(k) * kLeastNormal;
}

std::vector<double> charges(const Reference& input, double g) {
  std::vector<double> charge(input.values.size());
  for (size_t i = 0; i < charge.size(); ++i)
    charge[i] = input.bounds[i] * (1 + g) + g * std::fabs(input.values[i]);
  return charge;
}

std::vector<double> greatest_magnitudes(const Reference& input) {
  std::vector<double> magnitudes(input.values.size());
  for (size_t i = 0; i < magnitudes.size(); ++i) magnitudes[i] = std::fabs(input.values[i]) + input.bounds[i];
  return magnitudes;
}

const std::vector<float>& values_of(const Node& node, std::string_view parameter) {
  const Parameter* found = find_parameter(node, parameter);
  if (found && found->values) return *found->values;
  throw std::logic_error(fmt::format("'{}.{}' is not bound", node.name, parameter));
}

}  // namespace cnnc
