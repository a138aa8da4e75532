#include "driver/calibrate/watched_graph.h"

#include <fmt/format.h>

#include <utility>

namespace cnnc {
namespace {

// The graph with these values, one after the other, as its outputs. What leads to none of them stays: its
// weights are there already.
Graph with_outputs(Graph graph, const std::vector<NodeId>& watched) {
  graph.outputs.clear();
  for (const NodeId id : watched)
    graph.outputs.push_back({fmt::format("tensor{}", graph.outputs.size()), id});
  return graph;
}

}  // namespace

WatchedGraph::WatchedGraph(const Graph& graph, const std::vector<NodeId>& watched, const Compile& compile)
    : compiled_(compile(with_outputs(graph, watched))) {}

void WatchedGraph::run(const DataSet& data,
                       const std::function<void(size_t i, const std::vector<float>& values)>& visit) {
  for (int64_t example = 0; example < data.examples; ++example) {
    const Tensors tensors = compiled_->run(data.example(example));
    for (size_t i = 0; i < tensors.size(); ++i) visit(i, tensors[i]);
  }
}

}  // namespace cnnc
