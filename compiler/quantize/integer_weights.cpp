#include "quantize/integer_weights.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace cnnc {
namespace {

constexpr double kGreatestBias = 1 << 30;

struct Channel {
  const float* begin;
  const float* end;
  double bias;
};

float largest_magnitude(const Channel& channel) {
  float largest = 0;
  for (const float* w = channel.begin; w != channel.end; ++w) largest = std::max(largest, std::fabs(*w));
  return largest;
}

float scale_of(const Channel& channel, size_t number, float input_scale, const WeightRules& rules) {
  const std::vector<float>& given = rules.scales;
  float scale = given.empty() ? largest_magnitude(channel) / static_cast<float>(rules.greatest)
                              : given[given.size() == 1 ? 0 : number];
  scale = std::max(scale, static_cast<float>(std::fabs(channel.bias) / (kGreatestBias * input_scale)));
  return scale >= std::numeric_limits<float>::min() ? scale : 1;  // of weights that are all 0, or nearly
}

int32_t rounded(double value, int32_t least, int32_t most) {
  return static_cast<int32_t>(
      std::clamp(std::nearbyint(value), static_cast<double>(least), static_cast<double>(most)));
}

void add_channel(const Channel& channel, float input_scale, int32_t least, int32_t most,
                 IntegerWeights& result) {
  const double scale = result.scales.back();
  constexpr auto kBias = static_cast<int32_t>(kGreatestBias);
  result.bias.push_back(rounded(channel.bias / (input_scale * scale), -kBias, kBias));
  for (const float* w = channel.begin; w != channel.end; ++w)
    result.weight.push_back(rounded(*w / scale, least, most));
}

}  // namespace

// A byte is at most 255 from any zero.
bool sums_fit(int64_t weights_of_channel) {
  constexpr double kGreatestProduct = 255 * 128;
  return static_cast<double>(weights_of_channel) * kGreatestProduct + kGreatestBias <=
         std::numeric_limits<int32_t>::max();
}

IntegerWeights integer_weights(const std::vector<float>& weight, const std::vector<float>& bias,
                               size_t channels, float input_scale, const WeightRules& rules) {
  IntegerWeights result;
  result.weight.reserve(weight.size());
  const size_t row = weight.size() / channels;
  const int32_t least = rules.greatest == kGreatestWeight && !rules.scales.empty() ? -128 : -rules.greatest;
  for (size_t c = 0; c < channels; ++c) {
    const Channel channel{&weight[c * row], &weight[c * row] + row, bias.empty() ? 0.0 : bias[c]};
    result.scales.push_back(scale_of(channel, c, input_scale, rules));
    add_channel(channel, input_scale, least, rules.greatest, result);
  }
  return result;
}

}  // namespace cnnc
