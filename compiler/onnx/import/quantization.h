// What a model says of how its values are stored, by the nodes of the network.
#pragma once
#include <set>
#include <utility>
#include <vector>

#include "graph/graph.h"
#include "onnx/quantized/grid.h"

namespace cnnc::onnx {

// The names of nodes are not known yet: describe and elaborate give them.
struct NetworkQuantization {
  std::vector<std::pair<NodeId, ByteScale>> tensors;           // in the order of the nodes
  std::vector<std::pair<NodeId, std::vector<float>>> weights;  // of convs and dense layers, of each output
  // Convs and dense layers of which the model has no whole weights, or such as bytes do not hold, and whose
  // input is stored as bytes.
  std::vector<NodeId> floats;
  int weight_bits = 8;  // 7: no weight is beyond 64
};

// Of a network whose nodes cover the model's values. Nodes that only move elements, or take the greatest,
// have the scale of what they move.
NetworkQuantization quantization_of(const Graph& graph, const QuantizedValues& values);

// The nodes that have a value which is stored as bytes.
std::set<NodeId> stored_nodes(const Graph& graph, const QuantizedValues& values);

}  // namespace cnnc::onnx
