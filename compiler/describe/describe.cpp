#include "describe/describe.h"

#include "describe/blocks.h"
#include "describe/concats.h"
#include "describe/hashes.h"
#include "describe/kinds.h"
#include "describe/layout.h"
#include "describe/names.h"
#include "describe/paths.h"
#include "describe/scopes.h"
#include "describe/sequences.h"
#include "describe/shortcuts.h"
#include "describe/structure.h"
#include "describe/trim.h"

namespace cnnc {

ast::File describe(const Graph& original) {
  const Graph graph = nest_concats(original);
  const ScopeTree tree = scopes_of(graph, paths_of(graph));
  Drafts drafts = structure_of(graph, tree, hashes_of(graph));
  drafts = with_kinds(std::move(drafts), graph);
  ast::File file = named(graph, drafts, tree.leaves);
  file = with_sequences(with_shared_blocks(with_uniform_shortcuts(std::move(file))));
  return laid_out(trimmed(std::move(file)));
}

}  // namespace cnnc
