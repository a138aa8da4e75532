// Scopes in names that have no dots.
#pragma once
#include <vector>

#include "onnx/model.h"

namespace cnnc::onnx {

// Keras calls the layers of a block block_1_expand and block_1_project, those of the next block_2_expand and
// block_2_project: where two blocks have two layers in common, they become scopes of the nodes' paths,
// block_1.expand.
void split_flat_paths(std::vector<Node>& nodes);

}  // namespace cnnc::onnx
