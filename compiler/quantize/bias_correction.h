// A layer's mean error on bytes, taken away through its bias (Nagel et al. 2019, "Data-Free Quantization
// Through Weight Equalization and Bias Correction", section 4.2; the means are those of given inputs, as in
// its appendix D).
#pragma once
#include <cstdint>
#include <vector>

#include "graph/graph.h"
#include "quantize/integer_weights.h"
#include "quantize/quantization.h"

namespace cnnc {

// What a conv or dense layer reads, over all examples.
struct LayerInputs {
  // For each tap of its window, in the order of weights (channel, row, column; channels of all groups), the
  // sum of what it meets over all outputs: of the floats, and of what their bytes stand for.
  std::vector<double> floats, bytes;
  // By channel, sums over its elements: of squares, and of squared differences between floats and bytes.
  std::vector<double> squares, noise;
  int64_t outputs = 0, elements = 0;  // of a channel of the result, and of one of the input
};

// `values`: an example's; `layer`: a node of a graph that the passes have made.
void add(const std::vector<float>& values, const Node& layer, const Shape& input, const ByteScale& scale,
         LayerInputs& seen);

// By channel what bytes make its sums greater by, on average: the layer's own error, with inputs from the
// network of floats. Empty where its square is less than a fiftieth of the layer's estimated noise.
std::vector<double> mean_errors(const Node& layer, const ByteScale& scale, const WeightRules& rules,
                                const LayerInputs& seen);

// The graph with what the quantisation's lines add to biases, of layers that are so marked; those that have
// none get one.
Graph with_corrections(Graph graph, const Quantization& quantization, const std::vector<bool>& is_integer);

}  // namespace cnnc
