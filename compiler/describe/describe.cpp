#include "describe/describe.h"

#include "describe/drafts/kinds.h"
#include "describe/drafts/names.h"
#include "describe/drafts/structure.h"
#include "describe/forms/blocks.h"
#include "describe/forms/sequences.h"
#include "describe/graphs/concats.h"
#include "describe/graphs/hashes.h"
#include "describe/graphs/padding.h"
#include "describe/scopes/paths.h"
#include "describe/scopes/scopes.h"
#include "describe/text/expansion.h"
#include "describe/text/layout.h"
#include "describe/text/trim.h"

namespace cnnc {

ast::File describe(const Graph& original) {
  const Graph graph = with_same_padding(nest_concats(original));
  const ScopeTree tree = scopes_of(graph, paths_of(graph));
  Drafts drafts = structure_of(graph, tree, hashes_of(graph));
  drafts = with_kinds(std::move(drafts), graph);
  const ast::File plain = named(graph, drafts, tree.leaves);
  ast::File file = with_sequences(with_shared_blocks(plain));
  // A repeat or a call is a statement itself, which a very large network has no room for.
  return laid_out(trimmed(is_within_limits(file) ? std::move(file) : plain));
}

}  // namespace cnnc
