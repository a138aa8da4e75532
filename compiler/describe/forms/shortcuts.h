// Residuals of one kind with and without a projection.
#pragma once
#include <vector>

#include "syntax/ast.h"

namespace cnnc {

// `shortcut project` is the input itself where the shapes agree: where some residuals have it, those whose
// bodies are alike can have it too, and then all are alike.
void make_shortcuts_uniform(const std::vector<std::vector<ast::Statement>*>& bodies);

}  // namespace cnnc
