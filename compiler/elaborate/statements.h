// Statements: each takes the current tensor and leaves a new one.
#pragma once
#include "elaborate/names.h"
#include "elaborate/state.h"

namespace cnnc::elaboration {

// All statements of a body in turn; their names belong to the scope.
Tensor run_body(State& state, Scope& scope, const ast::Body& body, Tensor current);

// Likewise of a whole file.
Tensor run_file(State& state, Scope& scope, const ast::File& file);

}  // namespace cnnc::elaboration
