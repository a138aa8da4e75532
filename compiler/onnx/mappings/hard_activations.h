// hardsigmoid and hardswish, which exporters write as sums, clips and products.
#pragma once
#include "graph/graph.h"

namespace cnnc::onnx {

struct Translation;

// The hardsigmoid or hardswish that the node computes together with those before it, which is added; where it
// computes none, the node itself. Those are:
//     min(max(slope x + 1/2, 0), 1), the factors and terms wherever they stand: min(max(x + 3, 0), 6) / 6
//     x times that, with a slope of 1/6
NodeId as_hard_activation(Translation& t, NodeId node);

// The slope that is written: 1/6 for what differs from it by at most 1e-5 of itself, as exporters round it.
double slope_of_hardsigmoid(double slope);

}  // namespace cnnc::onnx
