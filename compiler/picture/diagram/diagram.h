// A network as a graph from top to bottom: a box for each layer, in the scopes that its text has.
#pragma once
#include "picture/drawing.h"
#include "picture/diagram/tree.h"

namespace cnnc::picture {

// `name` is the network's. Deterministic.
Drawing draw_diagram(const std::string& name, const Tree& tree, const std::vector<Layer>& layers);

}  // namespace cnnc::picture
