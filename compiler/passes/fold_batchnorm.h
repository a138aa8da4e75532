#pragma once
#include <vector>

#include "graph/graph.h"

namespace cnnc {

// What a trained batch normalisation does to channel c: scale[c] * x + shift[c] (Ioffe & Szegedy 2015,
// algorithm 2), with scale = weight / sqrt(running_var + eps) and shift = bias - running_mean * scale.
struct ScaleShift {
  std::vector<double> scale, shift;
};

// The node is a batchnorm whose parameters have values.
ScaleShift scale_and_shift(const Node& batchnorm);

// Whether a batchnorm behind the layer, which nothing else reads, scales the outputs of its weight: a
// contraction without an epilogue whose channels are its first axis, so no dense layer of a matrix.
bool takes_batchnorm(const Node& layer);

// Folds each batchnorm into the weight and the bias of the conv or dense layer before it, where that has no
// other use and no epilogue; a layer without a bias gets one. Computed in double and rounded to float once. A
// batchnorm stays where it cannot be folded, or where a folded value would be too large for a float.
[[nodiscard]] Graph fold_batchnorm(Graph graph);

}  // namespace cnnc
