// The layers of a text with all that can be said of each without compiling it: for tables, pages and
// programs.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "graph/graph.h"
#include "picture/field.h"

namespace cnnc {

struct LayerFacts {
  std::string name;                 // "layer1.0.conv1"
  std::string op;                   // the operator's name, or "input"
  std::string written;              // as the language writes it: "conv 6 5x5 pad 2"
  std::string formula;              // of its size: "(28 + 2 + 2 - 5) / 1 + 1 = 28"; "": it has none
  std::vector<std::string> inputs;  // layers
  Shape shape;                      // of its result
  std::optional<int64_t> parameters = 0, statistics = 0;  // elements; empty beyond 63 bits
  int64_t macs = 0;                                       // for one image, by the definition
  std::optional<double> macs_share;                       // of those of all layers, from 0 to 1
  std::optional<picture::Field> field;                    // what of the input it sees, where that can be told
  Span where;                                             // its statement
};

// Of each node of an elaborated graph, in order.
std::vector<LayerFacts> layer_facts(const Graph& graph);

// A node as the language writes it, without what is the default: "conv 6 5x5 pad 2", "add conv1, conv2".
std::string as_written(const Graph& graph, const Node& node);

}  // namespace cnnc
