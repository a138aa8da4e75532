// Nodes of the graph: the operator's shape rule applied, its errors put where they belong in the text.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "elaborate/arguments.h"
#include "elaborate/state.h"
#include "ops/operator.h"

namespace cnnc::elaboration {

// Adds a node and returns its tensor; defines `name` as it. Unknown if an input is, or if the operator does
// not accept its inputs and attributes, which is reported at the attribute's place or at the statement.
Tensor add_node(State& state, const std::string& name, const Operator& op, const LayerArguments& arguments,
                const std::vector<Tensor>& inputs, Span statement);

const Shape& shape_of(const State& state, Tensor tensor);

// The tensor, if there is one; otherwise reports that no input stands above, and is unknown.
Tensor need_tensor(State& state, Tensor tensor, Span statement);

}  // namespace cnnc::elaboration
