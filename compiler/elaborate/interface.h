// The names that the generated library's functions have: of the network, its inputs and its outputs.
#pragma once
#include <string>

#include "elaborate/names.h"
#include "elaborate/state.h"

namespace cnnc::elaboration {

// input image 3x224x224
Tensor run_input(State& state, Scope& scope, const ast::Statement& statement, const ast::Input& input);

// output [TENSOR] [as NAME]
void run_output(State& state, const Scope& scope, const ast::Statement& statement, const ast::Output& output,
                Tensor current);

// The network's name: written in the file, or the stem of the source's name made an identifier.
std::string network_name(State& state, const ast::File& file);

// The outputs of the graph: those declared, or the last tensor, called "output".
void finish_outputs(State& state, const ast::File& file, Tensor last);

}  // namespace cnnc::elaboration
