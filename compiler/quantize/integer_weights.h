// The weights of a conv or dense layer as whole numbers.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "ops/quantized/quantized.h"

namespace cnnc {

struct IntegerWeights {
  std::vector<int32_t> weight;  // in the order of the floats: real = scale of its output channel * number
  std::vector<int32_t> bias;    // one an output channel: real = input's scale * scale of the channel * number
  std::vector<float> scales;    // one an output channel
};

struct WeightRules {
  int greatest = kGreatestWeight;  // magnitude of a weight, or kGreatestWeightOf7Bits
  std::vector<float>
      scales;  // given ones: one a channel, or one for all; else by the channel's largest weight
};

// Whether sums of bytes times so many weights an output channel, with a bias, fit in 32 bits.
bool sums_fit(int64_t weights_of_channel);

// Rounded to the nearest, of two the even one; beyond the greatest magnitude they become that one (of 8 bits
// with given scales: -128 too). The scale of a channel is raised where its bias would take more than half of
// what 32 bits hold. `weight` has as many rows as there are channels, one after the other; `bias` one each or
// none.
IntegerWeights integer_weights(const std::vector<float>& weight, const std::vector<float>& bias,
                               size_t channels, float input_scale, const WeightRules& rules);

}  // namespace cnnc
