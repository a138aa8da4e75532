// All operators, one line each in registry.cpp.
#pragma once
#include <string_view>
#include <vector>

#include "ops/operator.h"

namespace cnnc {

const std::vector<const Operator*>& operators();

// Those that no text names: of quantised networks (ops/quantized/), and on bfloat16 (ops/halves/).
const std::vector<const Operator*>& unwritten_operators();

// The operator of that name, or null: of those that a text may name, and of all.
const Operator* find_layer(std::string_view name);
const Operator* find_operator(std::string_view name);

// As find_operator, for the op of a node of a graph; throws std::logic_error if there is none.
const Operator& operator_of(const Node& node);

// Of a step of an epilogue; throws as well.
const Operator& operator_of_step(const EpilogueStep& step);

// Those of the node's operator; of an input of the network, which has none, nothing holds.
OperatorFacts facts_of(const Node& node);

// What each node's result is stored as, by its operator or the last step of its epilogue.
std::vector<ElementType> element_types(const Graph& graph);

}  // namespace cnnc
