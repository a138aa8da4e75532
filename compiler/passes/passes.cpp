#include "passes/passes.h"

#include <fmt/format.h>

#include <ostream>

#include "passes/fold_batchnorm.h"
#include "passes/fuse_epilogues.h"
#include "passes/remove_dead_nodes.h"
#include "passes/remove_identities.h"

namespace cnnc {

const std::vector<Pass>& passes() {
  // Dead nodes go first: as consumers they would keep others from being merged.
  static const std::vector<Pass> list = {{"remove_dead_nodes", remove_dead_nodes},
                                         {"remove_identities", remove_identities},
                                         {"fold_batchnorm", fold_batchnorm},
                                         {"fuse_epilogues", fuse_epilogues}};
  return list;
}

Graph optimise(Graph graph, std::ostream* trace) {
  for (const Pass& pass : passes()) {
    size_t nodes = graph.nodes.size();
    graph = pass.run(std::move(graph));
    verify(graph);
    if (!trace) continue;
    *trace << fmt::format("# {}: {} -> {} nodes\n", pass.name, nodes, graph.nodes.size());
    if (graph.nodes.size() != nodes) *trace << to_string(graph);
  }
  return graph;
}

}  // namespace cnnc
