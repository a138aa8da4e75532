#include "passes/passes.h"

#include <fmt/format.h>

#include <chrono>
#include <ostream>

#include "ops/verify.h"
#include "passes/average_first.h"
#include "passes/common_subexpressions.h"
#include "passes/convolve_blocks.h"
#include "passes/edit/remove_dead_nodes.h"
#include "passes/expand/expand_norms.h"
#include "passes/expand/expand_volumes.h"
#include "passes/fold_batchnorm.h"
#include "passes/fold_pads.h"
#include "passes/fuse_epilogues.h"
#include "passes/merge_channels.h"
#include "passes/remove_identities.h"
#include "passes/split_concats.h"
#include "passes/split_maxpools.h"

namespace cnnc {

const std::vector<Pass>& passes() {
  // Dead nodes go first: as consumers they would keep others from being merged.
  static const std::vector<Pass> list = {
      {"remove_dead_nodes", remove_dead_nodes}, {"expand_norms", expand_norms},
      {"remove_identities", remove_identities}, {"common_subexpressions", common_subexpressions},
      {"merge_channels", merge_channels},       {"fold_pads", fold_pads},
      {"convolve_blocks", convolve_blocks},     {"split_concats", split_concats},
      {"split_maxpools", split_maxpools},       {"fold_batchnorm", fold_batchnorm},
      {"expand_volumes", expand_volumes},       {"average_first", average_first},
      {"fuse_epilogues", fuse_epilogues}};
  return list;
}

namespace {

Graph run_and_verify(const Pass& pass, Graph graph) {
  graph = pass.run(std::move(graph));
  verify(graph);
  verify_operators(graph);
  return graph;
}

Graph run_and_tell(const Pass& pass, Graph before, std::ostream& trace) {
  using Clock = std::chrono::steady_clock;
  const std::string text = to_string(before);
  const size_t nodes = before.nodes.size();
  const auto start = Clock::now();
  Graph after = run_and_verify(pass, std::move(before));
  const std::chrono::duration<double, std::milli> time = Clock::now() - start;
  trace << fmt::format("# {}: {} -> {} nodes, {:.1f} ms\n", pass.name, nodes, after.nodes.size(),
                       time.count());
  if (to_string(after) != text) trace << to_string(after);
  return after;
}

}  // namespace

Graph optimise(Graph graph, std::ostream* trace) {
  for (const Pass& pass : passes())
    graph = trace ? run_and_tell(pass, std::move(graph), *trace) : run_and_verify(pass, std::move(graph));
  return graph;
}

}  // namespace cnnc
