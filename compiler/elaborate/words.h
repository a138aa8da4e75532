// Words that are no layer: what might be meant by them.
#pragma once
#include "elaborate/state.h"

namespace cnnc::elaboration {

// Reports a word that is neither an operator nor a block that can be called in the innermost frame.
void report_unknown_word(State& state, const ast::Name& name);

}  // namespace cnnc::elaboration
