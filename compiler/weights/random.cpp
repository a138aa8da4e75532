#include <cmath>

#include "ops/registry.h"
#include "weights/weights.h"

namespace cnnc {
namespace {

// SplitMix64 (Steele, Lea & Flood 2014): the next number of the sequence.
uint64_t next(uint64_t& state) {
  uint64_t z = state += 0x9e3779b97f4a7c15;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
  z = (z ^ z >> 27) * 0x94d049bb133111eb;
  return z ^ z >> 31;
}

// FNV-1a, 64 bits.
uint64_t hash(const std::string& text) {
  uint64_t h = 0xcbf29ce484222325;
  for (unsigned char c : text) h = (h ^ c) * 0x100000001b3;
  return h;
}

// Uniform in (-1, 1): odd multiples of 2^-24, so exact as a float.
double next_unit(uint64_t& state) {
  auto k = static_cast<int64_t>(next(state) >> 40);  // 24 bits
  return static_cast<double>(2 * k + 1 - (int64_t{1} << 24)) * 0x1p-24;
}

// The values lie uniformly in centre ± spread.
struct Range {
  double centre, spread;
};

// Of a conv or dense weight: He et al. 2015, eq. 10, a variance of 2 / fan_in, which a uniform distribution
// has at ± sqrt(6 / fan_in). The other spreads are powers of two: with exact products there is nothing that a
// fused multiply-add of another machine could round otherwise, and sqrt and division are exactly rounded by
// IEEE 754.
Range range_of(const Node& node, const Parameter& parameter) {
  if (parameter.name == "running_var") return {1, 0.25};
  if (parameter.name != "weight") return {0, 0.125};  // bias, running_mean
  if (node.op == "prelu") return {0.25, 0.125};       // PyTorch begins with 0.25
  if (facts_of(node).is_composed) return {1, 0.25};   // of a normalisation
  if (parameter.shape.rank() < 2) return {1, 0.25};   // of a batch normalisation
  double fan_in = 1;
  for (size_t i = 1; i < parameter.shape.rank(); ++i) fan_in *= static_cast<double>(parameter.shape.sizes[i]);
  return {0, std::sqrt(6 / fan_in)};
}

}  // namespace

void bind_random(Graph& graph, uint64_t seed) {
  for (Node& node : graph.nodes)
    for (Parameter& parameter : node.parameters) {
      uint64_t state = seed;
      state = next(state) ^ hash(node.name + "." + parameter.name);
      Range range = range_of(node, parameter);
      auto values = std::make_shared<std::vector<float>>(static_cast<size_t>(parameter.shape.elements()));
      for (float& value : *values) value = static_cast<float>(range.centre + range.spread * next_unit(state));
      parameter.values = std::move(values);
    }
}

}  // namespace cnnc
