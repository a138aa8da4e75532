// AST → graph: blocks and repeats expanded, names given, expressions evaluated, shapes inferred.
#pragma once
#include <optional>

#include "graph/graph.h"
#include "support/diagnostics.h"
#include "syntax/ast.h"

namespace cnnc {

// Goes on after an error where it can, so that several are reported in one run; empty if there was any.
// Every node of the result has its shape and its parameters' shapes; no parameter has values yet.
// `fallback_name` names a network whose text does not (the file's stem).
std::optional<Graph> elaborate(const ast::File& file, const std::string& fallback_name, Diagnostics& diagnostics);

}  // namespace cnnc
