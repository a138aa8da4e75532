// The outputs of a model as those of a network.
#pragma once
#include <set>
#include <string>

#include "onnx/translation/translation.h"
#include "support/diagnostics.h"

namespace cnnc::onnx {

// The elements of the view in its order, as one tensor of the graph. Throws Unmapped.
NodeId tensor_of(Translation& t, const View& view);

// Sets the graph's outputs, in the order of the model's. Reports those that are no result of the network, or
// have other sizes than the model says; passes over those among the `unknown` values.
void add_outputs(Translation& t, const Model& model, const std::set<std::string>& unknown,
                 const std::string& file, Diagnostics& diagnostics);

}  // namespace cnnc::onnx
