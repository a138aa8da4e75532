// A network as a graph from top to bottom: a box for each layer, in the scopes that its text has.
#pragma once
#include "picture/diagram/tree.h"
#include "picture/drawing.h"

namespace cnnc::picture {

// What draw_diagram throws: edges lead past more than limits::kDrawnRows rows. `where` is the first layer too
// many.
struct TooLarge {
  std::string message;
  Span where;
};

// `name` is the network's. Deterministic.
Drawing draw_diagram(const std::string& name, const Tree& tree, const std::vector<Layer>& layers);

}  // namespace cnnc::picture
