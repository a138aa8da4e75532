// The network as floats and as bytes in one graph, to be run on inputs and compared.
#pragma once
#include <string>
#include <vector>

#include "graph/graph.h"
#include "quantize/quantization.h"

namespace cnnc {

// A layer that is computed from bytes, and which outputs of the comparison's graph hold its result: in the
// network of floats; of it alone from bytes, the inputs being that network's; in the network of bytes.
struct ComparedLayer {
  std::string name, op;
  size_t floats = 0, alone = 0, together = 0;
};

struct ComparisonGraph {
  Graph graph;
  std::vector<ComparedLayer> layers;  // in the order of the nodes
  // By output of the network: as floats, and of the network of bytes.
  std::vector<std::pair<size_t, size_t>> outputs;
};

// Of a graph that the passes have made; the network of floats is the equalised one. All its results are
// floats.
ComparisonGraph comparison_graph(const Graph& graph, const Quantization& quantization);

}  // namespace cnnc
