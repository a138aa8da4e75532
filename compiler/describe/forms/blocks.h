// Blocks that several calls share.
#pragma once
#include "syntax/ast.h"

namespace cnnc {

// Of a text whose blocks are each called once: those that differ in numbers become one with parameters, from
// the innermost on; what then follows itself becomes a repeat. Calls have all arguments, by name.
ast::File with_shared_blocks(ast::File file);

}  // namespace cnnc
