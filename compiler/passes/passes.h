// graph → graph: the network rewritten so that less is left to compute, with the same results.
// A pass is a free function, in a file pair of its own; passes.cpp lists them in their order.
//
// All passes keep to these rules. A node that is merged into another leaves its name in the other's `covers`;
// the merged node is called after the last node that it covers, whose value it has. A node that stands for
// another one of the same value covers it as well. A node with a value that the elaborated graph has not
// covers none, and is called by words that are no name there. A node whose value is an output of the graph is
// not merged into its consumer. The graph's inputs stay. No pass leaves a node behind that reaches no output
// and did reach one before. Parameters without values stay without, with the right shape.
#pragma once
#include <iosfwd>
#include <string_view>
#include <vector>

#include "graph/graph.h"

namespace cnnc {

struct Pass {
  std::string_view name;
  Graph (*run)(Graph);
};

// All passes, in the order in which they run.
const std::vector<Pass>& passes();

// Runs all passes, and verify() and verify_operators() after each (std::logic_error if a pass is at fault).
// With a trace, the name of each pass, the number of nodes before and after it, the milliseconds it took with
// the check of its result, and the graph if it has changed it.
[[nodiscard]] Graph optimise(Graph graph, std::ostream* trace = nullptr);

}  // namespace cnnc
