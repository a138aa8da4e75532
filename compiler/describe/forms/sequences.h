// Runs of statements that occur in many places.
#pragma once
#include "syntax/ast.h"

namespace cnnc {

// What is written often but for numbers becomes a `sequence`, which leaves all names as they are, as long as
// that makes the text clearly shorter. Calls have all arguments, by name.
ast::File with_sequences(ast::File file);

}  // namespace cnnc
