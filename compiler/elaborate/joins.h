// Where several tensors become one: residuals with their shortcuts, gates, concatenations, and joins with
// named tensors.
#pragma once
#include "elaborate/names.h"
#include "elaborate/state.h"

namespace cnnc::elaboration {

// The sum of the body's result and the shortcut's: an 'add' that carries the residual's name.
Tensor run_residual(State& state, Scope& scope, const ast::Statement& statement,
                    const ast::Residual& residual, Tensor current);

// The current tensor times the body's result: a 'multiply' that carries the gate's name.
Tensor run_gate(State& state, Scope& scope, const ast::Statement& statement, const ast::Gate& gate,
                Tensor current);

// The branches' results, channels after channels: a 'concat' that carries the statement's name.
Tensor run_concat(State& state, Scope& scope, const ast::Statement& statement, const ast::Concat& concat,
                  Tensor current);

// concat, add or multiply with enc1: the current tensor first.
Tensor run_join(State& state, Scope& scope, const ast::Statement& statement, const ast::Join& join,
                Tensor current);

}  // namespace cnnc::elaboration
