// The last step: what goes without saying is left out.
#pragma once
#include "syntax/ast.h"

namespace cnnc {

// Attributes and arguments of calls at their defaults.
ast::File trimmed(ast::File file);

}  // namespace cnnc
