// What a layer computes, in words and numbers: for those who learn what convolutional networks are.
#pragma once
#include <string>

#include "driver/layers/layer_facts.h"
#include "graph/graph.h"

namespace cnnc {

// The layer's definition with its numbers, "out[k, y, x] = bias[k] + sum of in[c, y + i - 2, x + j - 2] *
// weight[k, c, i, j] over c < 6, i < 5, j < 5"; of an operator without one here, what the language says of
// it.
std::string definition_of(const Graph& graph, const Node& node);

// Lines: the definition, how the size comes about, multiply-adds, parameters, what it sees of the input.
std::string what_it_computes(const Graph& graph, const Node& node, const LayerFacts& facts);

}  // namespace cnnc
