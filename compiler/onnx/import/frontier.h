// Where a model can be cut, so that what cannot be translated falls away.
#pragma once
#include <set>
#include <string>
#include <vector>

#include "onnx/translation/translation.h"

namespace cnnc::onnx {

// The values that the network has and that either are outputs of the model or are read by a node that it has
// not: the nearest in front of what has failed, in the model's order. Those that are inputs, or can be no
// outputs, are left out. `needed` and `unknown` are the values that outputs depend on, and those of them that
// have no place in the network; for the search nodes are added to the graph.
std::vector<std::string> frontier_of(Translation& t, const Model& model, const std::set<std::string>& needed,
                                     const std::set<std::string>& unknown);

// "--output a --output b", as a shell takes it.
std::string cut_options(const std::vector<std::string>& outputs);

}  // namespace cnnc::onnx
