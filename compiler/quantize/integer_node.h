#pragma once
#include <functional>

#include "graph/graph.h"
#include "quantize/byte_tensors.h"
#include "quantize/integer_weights.h"
#include "quantize/quantization.h"

namespace cnnc {

Attributes byte_attributes(const ByteScale& scale);  // scale and zero_point

// With the scales that the quantisation gives for the weights of a node, by any name that it covers.
WeightRules weight_rules(const Quantization& quantization, const Node& layer);

struct IntegerNode {
  Node node;  // with the name and covers of the one that it stands for
  bool makes_bytes = false;
};

// The node on bytes for one that choose_bytes has computed from them; without a scale in `tensors` its result
// are floats. `input` gives, of a node of the graph, where its value is as bytes or as floats.
IntegerNode integer_node(const Graph& graph, NodeId id, const ByteTensors& tensors,
                         const Quantization& quantization,
                         const std::function<NodeId(NodeId id, bool as_bytes)>& input);

// quantize or dequantize, from the node of the new graph where the value of `id` is; it covers none.
Node converted(const Graph& graph, NodeId id, NodeId from, const ByteScale& scale, bool to_bytes);

}  // namespace cnnc
