// How large a text is once its blocks and repeats are expanded.
#pragma once
#include "syntax/ast.h"

namespace cnnc {

// Whether elaboration takes it: statements, and bodies inside bodies, as support/limits.h has them. Calls
// have all arguments, by name.
bool is_within_limits(ast::File file);

}  // namespace cnnc
