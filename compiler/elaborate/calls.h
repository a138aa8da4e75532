// Blocks: their definitions, and their calls, which are replaced by their bodies.
#pragma once
#include "elaborate/names.h"
#include "elaborate/state.h"

namespace cnnc::elaboration {

// The parameters that a block may have.
constexpr size_t kParameters = 64;

// The block can be called from here on. Reports a definition inside a body, a name that is taken, and
// parameters of one name.
void define_block(State& state, const ast::Block& block);

// basic(128, stride = 2): the block's body, with the parameters' values, in a scope of the call's name (a
// sequence's: in the scope of the call). Reports arguments that are missing, too many, unknown or given
// twice.
Tensor run_call(State& state, Scope& scope, const ast::Statement& statement, const ast::Call& call,
                Tensor current);

// A layer's word that is no operator of one input: the call of a block without arguments; or a word that is
// not known, or used in another way than it can be, which is reported with what to write.
Tensor run_word(State& state, Scope& scope, const ast::Statement& statement, const ast::Layer& layer,
                Tensor current);

}  // namespace cnnc::elaboration
