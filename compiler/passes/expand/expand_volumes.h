#pragma once
#include "graph/graph.h"

namespace cnnc {

// Puts in the place of a layer on volumes the layers on maps that it is made of (ops/volume/parts.h), and of
// a batchnorm of a tensor that is no map and no vector one of a map. It runs behind fold_batchnorm, which
// folds such a batchnorm into a conv3d.
Graph expand_volumes(Graph graph);

}  // namespace cnnc
