// Statements with their names: where a name is written, and by which one a tensor is meant.
#pragma once
#include "describe/drafts/draft.h"
#include "syntax/ast.h"

namespace cnnc {

// The text, its layers with all their sizes (layers.h). Every scope that is no group is a block of its own,
// which is called once: block1, block2, … by a name that is no word of the network. `leaves` are the names
// that nodes have in their scopes, for those that must have one.
ast::File named(const Graph& graph, const Drafts& drafts, const std::vector<std::string>& leaves);

}  // namespace cnnc
