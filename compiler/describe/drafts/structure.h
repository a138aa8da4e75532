// Scopes to statements: what parts and comes together again becomes a residual, a gate or a concat.
#pragma once
#include "describe/drafts/draft.h"
#include "describe/scopes/scopes.h"

namespace cnnc {

// The statements of the network. `hashes` are those of hashes_of(graph): sums change the order of operands
// that compute different things only.
Drafts structure_of(const Graph& graph, const ScopeTree& tree, const std::vector<uint64_t>& hashes);

}  // namespace cnnc
