#pragma once
#include "graph/graph.h"

namespace cnnc {

// Puts the operators that a normalisation is made of (ops/norm/arithmetic.h) in its place. The last of them
// has its name and covers it; the others have values that the elaborated graph has not, so they cover none.
Graph expand_norms(Graph graph);

}  // namespace cnnc
