// A network that is run on many examples for the values of its tensors.
#pragma once
#include <functional>
#include <memory>
#include <vector>

#include "driver/data/data_set.h"
#include "driver/run/compiled_graph.h"
#include "graph/graph.h"

namespace cnnc {

// How a graph that the passes have made becomes code.
using Compile = std::function<std::unique_ptr<CompiledGraph>(const Graph& graph)>;

class WatchedGraph {
 public:
  WatchedGraph(const Graph& graph, const std::vector<NodeId>& watched, const Compile& compile);

  // Calls visit(number among the watched, values) for each watched tensor of each example.
  void run(const DataSet& data, const std::function<void(size_t i, const std::vector<float>& values)>& visit);

 private:
  std::unique_ptr<CompiledGraph> compiled_;
};

}  // namespace cnnc
