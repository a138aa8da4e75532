#include "describe/describe.h"

#include "describe/blocks.h"
#include "describe/concats.h"
#include "describe/expansion.h"
#include "describe/hashes.h"
#include "describe/kinds.h"
#include "describe/layout.h"
#include "describe/names.h"
#include "describe/padding.h"
#include "describe/paths.h"
#include "describe/scopes.h"
#include "describe/sequences.h"
#include "describe/structure.h"
#include "describe/trim.h"

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
