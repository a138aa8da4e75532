// Operators replaced by the parts of a network that they stand for.
#pragma once
#include <vector>

#include "graph/graph.h"

namespace cnnc {

// The last node of the part, whose node 0 is the node's input; the others are put behind those that are
// there. The last one has the node's name and covers it; the others have values that the elaborated graph has
// not, so they cover none.
Node last_of_part(std::vector<Node>& before, const Node& node, Graph part);

}  // namespace cnnc
