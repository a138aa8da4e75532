// All operators, one line each in registry.cpp.
#pragma once
#include <string_view>
#include <vector>

#include "ops/operator.h"

namespace cnnc {

const std::vector<const Operator*>& operators();

// The operator of that name, or null.
const Operator* find_operator(std::string_view name);

// As find_operator, for the op of a node of a graph; throws std::logic_error if there is none.
const Operator& operator_of(const Node& node);

// Those of the node's operator; of an input of the network, which has none, nothing holds.
OperatorFacts facts_of(const Node& node);

}  // namespace cnnc
