// The arguments of a layer, read by its operator's rules: `conv 64 3x3 stride 2` → attributes.
#pragma once
#include <map>
#include <optional>
#include <string>

#include "elaborate/state.h"
#include "graph/attributes.h"
#include "ops/operator.h"

namespace cnnc::elaboration {

struct LayerArguments {
  Attributes attributes;                           // a value for each of the operator's rules
  std::map<std::string, Span, std::less<>> where;  // of the values that were written
};

// Reads what stands after the layer's name: the positional values in the order of the rules, then words,
// each with its value. Reports what is missing, misplaced, unknown, given twice, of the wrong kind or out of
// its range; empty then.
std::optional<LayerArguments> read_arguments(State& state, const Operator& op, const ast::Layer& layer,
                                             Span statement);

// Every attribute that has a default, at it.
LayerArguments default_arguments(const Operator& op);

}  // namespace cnnc::elaboration
