// Arithmetic with constants: what scales and shifts each channel of a tensor, as a batchnorm, and chains of
// it as one.
#pragma once
#include <set>
#include <string>
#include <vector>

#include "graph/graph.h"
#include "onnx/translation/translation.h"

namespace cnnc::onnx {

// Adds the batchnorm that computes it: running_mean 0, running_var 1, eps 0. Throws Unmapped.
NodeId add_affine(Translation& t, std::string name, NodeId x, Affine affine);

// A tensor with constants beside it that have one value for each of its channels.
struct PerChannel {
  View view;
  std::vector<std::vector<double>> values;  // of each constant, one a channel
};

// The view, or the vector that it amounts to, under which every constant, broadcast as ONNX does, has one
// value a channel. Throws Unmapped where there is none; `what` names the constants in the reason.
PerChannel per_channel(Translation& t, const View& view, const std::vector<const Constant*>& constants,
                       const std::string& what);

// Affines of affines as one, in double and rounded once; those that change nothing left out; a shift of a
// conv, upconv or dense without a bias as its bias; what is left of -x as 'neg'. The tensors of `kept` stay:
// a quantised one is rounded before anything is done to it.
Graph merge_affines(Graph graph, Affines affines, const std::set<NodeId>& kept = {});

}  // namespace cnnc::onnx
