// How a text is set.
#pragma once
#include "syntax/ast.h"

namespace cnnc {

// Short bodies stand on one line, layers without weights behind those with, and blocks apart.
ast::File laid_out(ast::File file);

}  // namespace cnnc
