#include "driver/calibrate/find_ranges.h"

#include <fmt/format.h>

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

// Calls visit(number among the watched, values) for each watched tensor of each example.
template <class Visit>
void for_each_tensor(CompiledGraph& compiled, const DataSet& data, const Visit& visit) {
  for (int64_t example = 0; example < data.examples; ++example) {
    const Tensors tensors = compiled.run(data.example(example));
    for (size_t i = 0; i < tensors.size(); ++i) visit(i, tensors[i]);
  }
}

}  // namespace

std::vector<std::optional<Range>> find_ranges(const Graph& graph, const std::vector<NodeId>& watched,
                                              const DataSet& data, const RangeMethod& method,
                                              const Compile& compile) {
  std::vector<std::optional<Range>> result(graph.nodes.size());
  if (watched.empty()) return result;
  const auto compiled = compile(with_outputs(graph, watched));
  std::vector<Range> ranges(watched.size());
  for_each_tensor(*compiled, data,
                  [&](size_t i, const std::vector<float>& values) { ranges[i] = with(ranges[i], values); });
  if (method.kind != RangeMethod::Kind::min_max) {
    std::vector<Histogram> histograms;
    for (const Range& range : ranges) histograms.push_back(empty_histogram(range));
    for_each_tensor(*compiled, data,
                    [&](size_t i, const std::vector<float>& values) { count(values, histograms[i]); });
    for (size_t i = 0; i < ranges.size(); ++i) ranges[i] = chosen_range(histograms[i], method);
  }
  for (size_t i = 0; i < watched.size(); ++i) result[static_cast<size_t>(watched[i])] = ranges[i];
  return result;
}

}  // namespace cnnc
