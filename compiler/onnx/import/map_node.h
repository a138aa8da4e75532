// One node of a model, into what it is in a network.
#pragma once
#include "onnx/translation/translation.h"

namespace cnnc::onnx {

// Computes it where its inputs are constants; else takes it as maps and vectors where they lie so, which is
// fastest; else on any axes; else on maps and vectors that are made of what lies otherwise; else as several
// nodes (onnx/composed/composition.h). Of an If whose condition is known, the nodes that it takes. Throws
// Unmapped.
void map_node(Translation& t, const Node& node);

// Maps it as several nodes, where it can be: whether it can.
bool map_composed(Translation& t, const Node& node);

// What can be said of a node whose inputs are not known: throws Unmapped where there is no such operator.
void require_known_operator(const Node& node);

}  // namespace cnnc::onnx
