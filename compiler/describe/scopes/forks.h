// Where tensors that are joined have parted.
#pragma once
#include <vector>

#include "graph/graph.h"

namespace cnnc {

// Each node hangs below its input, a join below the fork of its inputs: the last tensor on all paths to them.
struct Forks {
  static constexpr NodeId kNone = -1;  // a network input hangs below nothing
  std::vector<NodeId> above;
  std::vector<int> depth;
  std::vector<NodeId> jump;  // far above, so that a fork is found in logarithmic time
};

Forks forks_of(const Graph& graph);

}  // namespace cnnc
