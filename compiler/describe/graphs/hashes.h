// What nodes compute, told apart by hashes.
#pragma once
#include <cstdint>
#include <vector>

#include "graph/graph.h"

namespace cnnc {

// Whether the first two operands may change places with the same result bit by bit: a sum or a product.
bool is_commutative(const Node& node);

// A pool's stride where it is not written, which is the filter; padding that is counted where there is none;
// floats where an attribute is real.
Attributes canonical_attributes(const Node& node);

// For each node, a hash of what it computes of the network's inputs: operators, attributes and shapes, down
// to the inputs, but not the values of parameters. Equal where operands of a commutative node change places.
std::vector<uint64_t> hashes_of(const Graph& graph);

// Hashes of what nodes compute and of what is computed from them, down to the outputs. Nodes of two networks
// that have equal ones are the same or, as good as always, can change places.
std::vector<uint64_t> place_hashes_of(const Graph& graph);

}  // namespace cnnc
