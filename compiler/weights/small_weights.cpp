#include "weights/small_weights.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <stdexcept>

#include "support/half.h"

namespace cnnc {

namespace {

constexpr float kGreatest = 127;  // number of a scaled weight

float rounded(float value, ElementType type) {
  return type == ElementType::float16 ? float_from_f16(f16_from_float(value))
                                      : float_from_bf16(bf16_from_float(value));
}

float greatest_magnitude(const float* begin, const float* end) {
  float greatest = 0;
  for (; begin != end; ++begin) greatest = std::max(greatest, std::fabs(*begin));
  return greatest;
}

// What is 0, or nearly, has a scale too, so that nothing is divided by 0; such weights become 0.
float scale_of(const float* begin, const float* end) {
  const float scale = greatest_magnitude(begin, end) / kGreatest;
  return scale >= std::numeric_limits<float>::min() ? scale : 1;
}

void round_scaled(std::vector<float>& weights, int64_t outputs) {
  const size_t length = weights.size() / static_cast<size_t>(outputs);
  for (float* row = weights.data(); row != weights.data() + weights.size(); row += length) {
    const float scale = scale_of(row, row + length);
    for (size_t i = 0; i < length; ++i) row[i] = std::nearbyint(row[i] / scale) * scale;
  }
}

void round_each(std::vector<float>& weights, ElementType type, const std::string& name) {
  for (float& weight : weights) {
    const float value = rounded(weight, type);
    if (std::isinf(value))
      throw std::range_error(fmt::format("'{}' has the value {}; {} holds magnitudes below {}", name, weight,
                                         to_string(type),
                                         type == ElementType::float16 ? "65,520" : "3.3961e38"));
    weight = value;
  }
}

}  // namespace

void round_weights(Graph& graph, ElementType type) {
  for (Node& node : graph.nodes) {
    if (node.op != "dense") continue;
    Parameter& weight = node.parameters.at(0);
    if (!weight.values) continue;
    std::vector<float> values = *weight.values;
    if (type == ElementType::int8)
      round_scaled(values, weight.shape.sizes[0]);
    else
      round_each(values, type, node.name + ".weight");
    weight.values = std::make_shared<const std::vector<float>>(std::move(values));
  }
}

std::optional<ScaledWeights> scaled_weights(const std::vector<float>& weights, int64_t outputs) {
  ScaledWeights scaled;
  const size_t length = weights.size() / static_cast<size_t>(outputs);
  for (const float* row = weights.data(); row != weights.data() + weights.size(); row += length) {
    const float scale = scale_of(row, row + length);
    scaled.scales.push_back(scale);
    for (size_t i = 0; i < length; ++i) {
      const float number = std::nearbyint(row[i] / scale);
      if (std::fabs(row[i] - number * scale) > 0x1p-22f * std::fabs(row[i])) return std::nullopt;
      scaled.numbers.push_back(static_cast<int32_t>(number));
    }
  }
  return scaled;
}

bool are_exact(const std::vector<float>& weights, ElementType type) {
  return type == ElementType::float32 || std::all_of(weights.begin(), weights.end(), [&](float weight) {
           return rounded(weight, type) == weight;
         });
}

}  // namespace cnnc
