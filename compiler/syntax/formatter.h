// AST → text in canonical layout; comments are kept. format(parse(format(x))) == format(x).
#pragma once
#include <string>

#include "syntax/ast.h"

namespace cnnc {

std::string format(const ast::File& file);

// One expression, statement head or argument as it is written in a text; used in messages too.
std::string format(const ast::Expression& expression);

}  // namespace cnnc
