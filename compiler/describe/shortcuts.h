// Residuals of one kind with and without a projection.
#pragma once
#include "syntax/ast.h"

namespace cnnc {

// `shortcut project` is the input itself where the shapes agree: where some residuals have it, those whose
// bodies are alike can have it too, and then all are alike.
ast::File with_uniform_shortcuts(ast::File file);

}  // namespace cnnc
