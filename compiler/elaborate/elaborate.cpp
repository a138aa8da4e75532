#include "elaborate/elaborate.h"

#include "elaborate/interface.h"
#include "elaborate/names.h"
#include "elaborate/state.h"
#include "elaborate/statements.h"
#include "ops/verify.h"

namespace cnnc {
namespace {

using elaboration::State;

// All definitions of the file, so that a call above one can be told from a misspelt one. Of two with one name
// the first counts.
void list_blocks(State& state, const ast::File& file) {
  for (const ast::Statement& statement : file.statements) {
    const auto* block = std::get_if<ast::Block>(&statement.what);
    if (block && state.block_numbers.emplace(block->name.text, state.blocks.size()).second) {
      state.blocks.push_back(block);
    }
  }
}

}  // namespace

std::optional<Graph> elaborate(const ast::File& file, const Source& source, Diagnostics& diagnostics) {
  State state{source, diagnostics};
  state.frames.emplace_back();
  list_blocks(state, file);
  state.graph.name = elaboration::network_name(state, file);
  elaboration::Scope top;
  const elaboration::Tensor last = elaboration::run_file(state, top, file);
  elaboration::finish_outputs(state, file, last);
  if (diagnostics.has_errors()) return std::nullopt;
  verify(state.graph);
  verify_operators(state.graph);
  return std::move(state.graph);
}

}  // namespace cnnc
