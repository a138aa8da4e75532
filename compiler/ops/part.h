// Small graphs that an operator stands for: those of normalisations and of layers on volumes.
#pragma once
#include <string>
#include <vector>

#include "graph/graph.h"

namespace cnnc {

// A graph of its input alone, node 0.
Graph part_of_input(const Shape& shape);

// Adds a node, under a name that the part has not yet. Attributes that are not given have their defaults; the
// shape is what the operator makes of the inputs'. An operator that refuses them is a fault of cnnc: throws
// std::logic_error.
NodeId append_node(Graph& part, std::string name, const char* op, Attributes attributes,
                   std::vector<NodeId> inputs, std::vector<Parameter> parameters = {});

}  // namespace cnnc
