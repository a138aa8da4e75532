// What values the tensors of a network have on given inputs.
#pragma once
#include <optional>
#include <vector>

#include "driver/calibrate/watched_graph.h"
#include "graph/graph.h"
#include "quantize/ranges.h"

namespace cnnc {

// By node of the graph, of those that are watched: the range by the method, over all examples. Two runs for
// each, of which the second counts how many values lie where; with min-max one.
std::vector<std::optional<Range>> find_ranges(const Graph& graph, const std::vector<NodeId>& watched,
                                              const DataSet& data, const RangeMethod& method,
                                              const Compile& compile);

}  // namespace cnnc
