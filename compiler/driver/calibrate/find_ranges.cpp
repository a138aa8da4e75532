#include "driver/calibrate/find_ranges.h"

namespace cnnc {

std::vector<std::optional<Range>> find_ranges(const Graph& graph, const std::vector<NodeId>& watched,
                                              const DataSet& data, const RangeMethod& method,
                                              const Compile& compile) {
  std::vector<std::optional<Range>> result(graph.nodes.size());
  if (watched.empty()) return result;
  WatchedGraph network(graph, watched, compile);
  std::vector<Range> ranges(watched.size());
  network.run(data, [&](size_t i, const std::vector<float>& values) { ranges[i] = with(ranges[i], values); });
  if (method.kind != RangeMethod::Kind::min_max) {
    std::vector<Histogram> histograms;
    for (const Range& range : ranges) histograms.push_back(empty_histogram(range));
    network.run(data, [&](size_t i, const std::vector<float>& values) { count(values, histograms[i]); });
    for (size_t i = 0; i < ranges.size(); ++i) ranges[i] = chosen_range(histograms[i], method);
  }
  for (size_t i = 0; i < watched.size(); ++i) result[static_cast<size_t>(watched[i])] = ranges[i];
  return result;
}

}  // namespace cnnc
