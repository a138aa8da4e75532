// Operators of constants that fold/ has not: position encodings that convolutions make, say.
#pragma once
#include "onnx/translation/translation.h"

namespace cnnc::onnx {

// Sets the outputs of a node all whose inputs are constants: it is mapped by `map` as if the first of them
// were an input of a network, and that network is evaluated by its definition. What it costs is taken off
// t.folding_left. Throws Unmapped.
void compute_constants(Translation& t, const Node& node, void (*map)(Translation&, const Node&));

}  // namespace cnnc::onnx
