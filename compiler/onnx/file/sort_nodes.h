// Which node writes which value, and the order of the nodes that follows.
#pragma once
#include <string>

#include "onnx/model.h"
#include "support/diagnostics.h"

namespace cnnc::onnx {

// Puts the nodes in topological order; where the model's own order is one, it stays. False where a value is
// written twice or by nothing, or nodes wait for each other, which is reported.
bool sort_nodes(Model& model, const std::string& file, Diagnostics& diagnostics);

// What messages call a node: its name, else its first output.
std::string called(const Node& node);

}  // namespace cnnc::onnx
