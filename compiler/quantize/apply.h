#pragma once
#include "graph/graph.h"
#include "quantize/quantization.h"

namespace cnnc {

// The graph, as the passes left it, with operators on bytes (ops/quantized/) where choose_bytes says so
// (quantize/byte_tensors.h). A node that computes the value of one of the elaborated graph keeps its name and
// what it covers, whether it stores it as floats or as bytes; what turns the one into the other stands
// between only where both are read: "conv1 as bytes", "conv1 as floats". Weights that are not bound stay so.
// The result holds verify() and verify_operators(). Throws Fault (support/pieces.h), see equalise.h.
Graph apply_quantization(const Graph& graph, const Quantization& quantization);

// In two steps: the network of floats with the weights that the lines `equalise` and `correct` make of them
// (quantize/equalise.h, quantize/bias_correction.h), and its operators on bytes.
Graph adjust_weights(const Graph& graph, const Quantization& quantization);
Graph with_operators_on_bytes(const Graph& adjusted, const Quantization& quantization);

}  // namespace cnnc
