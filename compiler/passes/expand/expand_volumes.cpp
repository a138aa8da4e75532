#include "passes/expand/expand_volumes.h"

#include <utility>
#include <vector>

#include "ops/registry.h"
#include "ops/volume/parts.h"
#include "passes/edit/rewrite.h"
#include "passes/expand/expand.h"

namespace cnnc {

namespace {

// An alias has no step, so the layer is what it is another shape of: a step is compared with that.
void be_compared_before(Node& alias, Node& source) {
  std::swap(alias.name, source.name);
  std::swap(alias.covers, source.covers);
}

}  // namespace

Graph expand_volumes(Graph graph) {
  return rewrite_nodes(std::move(graph), [](Node node, std::vector<Node>& before) {
    if (!is_of_volumes(node)) return node;
    Graph part = parts_of_volume(node, before[static_cast<size_t>(node.inputs[0])].shape);
    const bool has_several = part.nodes.size() > 2;
    Node last = last_of_part(before, node, std::move(part));
    if (has_several && facts_of(last).is_alias) be_compared_before(last, before.back());
    return last;
  });
}

}  // namespace cnnc
