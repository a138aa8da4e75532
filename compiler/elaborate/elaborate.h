// AST → graph: blocks and repeats expanded, names given, expressions evaluated, shapes inferred.
#pragma once
#include <optional>

#include "graph/graph.h"
#include "support/diagnostics.h"
#include "support/source.h"
#include "syntax/ast.h"

namespace cnnc {

// `source` is the text that `file` was parsed from; a network that it does not name is called after the stem
// of source.name. Goes on after an error where it can, so that several are reported in one run; empty if
// there was any. Every node of the result has its shape and its parameters' shapes; no parameter has values
// yet.
std::optional<Graph> elaborate(const ast::File& file, const Source& source, Diagnostics& diagnostics);

}  // namespace cnnc
