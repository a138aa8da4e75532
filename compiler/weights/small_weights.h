// Weights of dense layers in fewer bits: such a layer is as fast as its weights come from memory.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "graph/element_type.h"
#include "graph/graph.h"

namespace cnnc {

// Rounds the weights of all dense layers to what the type can hold: float16 and bfloat16 to the nearest such
// number; int8 to the nearest multiple, up to 127 times, of a scale for each output, which is the greatest
// magnitude of its weights by 127. So what is computed with them afterwards is what the library computes. Run
// when weights are bound. Throws std::range_error, with a text for the user, where a weight is beyond
// the range of such numbers.
void round_weights(Graph& graph, ElementType type);

// Weights as whole numbers, with a scale for each output.
struct ScaledWeights {
  std::vector<int32_t> numbers;
  std::vector<float> scales;
};
// Of rounded weights. Their products differ from the weights by what a float's rounding does, twice at most;
// empty where one of them does not lie so near.
std::optional<ScaledWeights> scaled_weights(const std::vector<float>& weights, int64_t outputs);

// Whether the type holds each of these exactly: float32, float16 or bfloat16.
bool are_exact(const std::vector<float>& weights, ElementType type);

}  // namespace cnnc
