// Parts of a model: what some of its values need, between others.
#pragma once
#include <set>
#include <string>
#include <vector>

#include "onnx/model.h"

namespace cnnc::onnx {

// The values that the outputs depend on, the outputs themselves among them.
std::set<std::string> needed_values(const Model& model);

// Whether an input says how many images a run of the model has.
bool fixes_batch(const Model& model);

// The model with these outputs.
Model with_outputs(Model model, const std::vector<std::string>& outputs);

// The model with these inputs, whatever has computed them, and behind them those of its own that its outputs
// depend on all the same.
Model with_inputs(Model model, const std::vector<ValueInfo>& inputs);

}  // namespace cnnc::onnx
