#include "passes/expand/expand_norms.h"

#include <utility>
#include <vector>

#include "ops/norm/arithmetic.h"
#include "ops/registry.h"
#include "passes/edit/rewrite.h"
#include "passes/expand/expand.h"

namespace cnnc {

Graph expand_norms(Graph graph) {
  return rewrite_nodes(std::move(graph), [](Node node, std::vector<Node>& before) {
    if (!facts_of(node).is_composed) return node;
    return last_of_part(before, node, arithmetic_of(node, before[static_cast<size_t>(node.inputs[0])].shape));
  });
}

}  // namespace cnnc
