// A network as pictures show it: layers, each an operator with what is done to its result on the way.
#pragma once
#include <string>
#include <vector>

#include "graph/graph.h"
#include "graph/shape.h"
#include "support/source.h"

namespace cnnc::picture {

enum class Kind { input, convolution, pool, dense, upsampling, join, other };

// The word of the style sheet for its colour, and what a legend says of it.
std::string look_of(Kind kind);
std::string words_for(Kind kind);

struct Layer {
  std::string name;      // of the operator's node: layer1.0.conv1
  std::string op, what;  // "conv" and "conv 7x7 / 2"; of a join its sign, "+"
  Kind kind = Kind::other;
  Shape shape;
  std::vector<int> inputs;         // layers before this one, as the operator reads them; may repeat
  std::vector<std::string> nodes;  // those of the graph that it stands for, in order
  std::vector<std::string> scope;  // "layer1", "0"
  Span where;                      // of the operator's statement
  bool is_output = false;
};

// A batchnorm, an activation or another operator that keeps the shape, and one that only renames it, belongs
// to the layer before it where nobody else reads that one's result.
std::vector<Layer> layers_of(const Graph& graph);

// What an input of a join is to it: "identity" for a sum's input that another one is computed from,
// "projection" for one that is a layer of what another one is computed from, "gate" for a product's,
// "concat",
// "" for a plain flow. `input` is a place in Layer::inputs.
std::string role_of(const std::vector<Layer>& layers, int layer, size_t input);

}  // namespace cnnc::picture
