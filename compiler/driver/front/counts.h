// How large a network is, and its work.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "graph/graph.h"

namespace cnnc {

// The number of elements of all parameters that are trained; of those that are statistics (batch
// normalisation's running mean and variance). Empty beyond 63 bits.
struct ParameterCount {
  std::optional<int64_t> learnable = 0, statistics = 0;
};
ParameterCount count_parameters(const Node& node);
ParameterCount count_parameters(const Graph& graph);

// The shapes that a node reads; its multiply-adds for one image, by its definition.
std::vector<Shape> input_shapes(const Graph& graph, const Node& node);
int64_t macs(const Graph& graph, const Node& node);

// Of all nodes; empty beyond 63 bits.
std::optional<int64_t> macs(const Graph& graph);

}  // namespace cnnc
