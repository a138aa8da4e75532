// text → AST
#pragma once
#include <optional>

#include "support/diagnostics.h"
#include "support/source.h"
#include "syntax/ast.h"

namespace cnnc {

// Parses a whole file. Recovers at the next statement, so that several errors are reported in one run; empty
// if there was any.
std::optional<ast::File> parse(const Source& source, Diagnostics& diagnostics);

}  // namespace cnnc
