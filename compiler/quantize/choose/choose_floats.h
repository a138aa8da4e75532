// Which layers to leave in floats for a network of bytes to lose no more than it may.
#pragma once
#include <string>
#include <vector>

#include "graph/graph.h"

namespace cnnc {

// Losses are energies of noise by those of the signal: 0.01 is 20 dB.
struct LayerLoss {
  std::string name;     // of a node of the graph that is computed from bytes
  double alone = 0;     // of its result if it alone is computed from bytes
  double together = 0;  // in the network of bytes
};

// The fewest and cheapest layers, by their names, without which no output is estimated to lose more than
// `allowed`; all that lose anything where less does not do. `outputs`: what those of the graph lose now.
//
// What a layer loses reaches an output along the graph. By how much it grows or fades on the way is seen
// where the losses are measured: what a layer loses in the network beyond what it does alone comes from what
// it reads, and nodes that are not measured pass on the mean of theirs. Noises add up where they are small.
// Where they are not, this is a first step: what is left is to be measured and chosen from again.
std::vector<std::string> choose_floats(const Graph& graph, const std::vector<LayerLoss>& layers,
                                       const std::vector<double>& outputs, double allowed);

// The names, those first of layers that as bytes save most for what the outputs lose by them, estimated as
// above.
std::vector<std::string> in_order_of_worth(const Graph& graph, const std::vector<LayerLoss>& layers,
                                           const std::vector<double>& outputs,
                                           std::vector<std::string> names);

}  // namespace cnnc
