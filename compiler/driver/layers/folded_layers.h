// The lines of a table of layers: what a block of the text wrote, and what repeats, is one line.
#pragma once
#include <string>
#include <vector>

#include "graph/graph.h"
#include "syntax/ast.h"

namespace cnnc {

struct LayerLine {
  std::string name;           // of the layer, or of the scope: "layer1", "blocks.0–3"
  std::string folded;         // "2 × basic", "basic", "3 × 5 layers"; "": the line is one layer
  std::vector<size_t> nodes;  // of the graph, in order: the layer, or all of the scope
};

// All layers of the elaborated graph, each in one line. `file` is the text that it comes from: it knows the
// blocks' names. With `expand` no line stands for several.
std::vector<LayerLine> layer_lines(const Graph& graph, const ast::File& file, bool expand);

}  // namespace cnnc
