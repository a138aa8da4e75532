// Networks to models: what ONNX has for the operators of cnnc. The way back of translate.h.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "graph/graph.h"
#include "onnx/model.h"
#include "support/diagnostics.h"

namespace cnnc::onnx {

// The opset of what is written: that of ONNX 1.12.
constexpr int64_t kWrittenOpset = 17;

// What the model calls the value of each node: as the first output that it is, else as the node, unless
// something else of the model is called so.
std::vector<std::string> names_of_values(const Graph& graph);

// A model that computes what the graph does, for any number of images: the first dimension of its inputs and
// outputs is left open. Names of nodes, weights, inputs and outputs are the graph's. Weights are bound, and
// shared with the graph; the graph is as elaboration or a translation makes it. Operators that ONNX has not
// are written as PyTorch writes them, so that reading the model back finds them. Empty where something has no
// form in ONNX: all of it is reported, at the statements.
std::optional<Model> express(const Graph& graph, Diagnostics& diagnostics);

}  // namespace cnnc::onnx
