// Activations that exporters write out as several nodes.
#pragma once
#include "onnx/model.h"

namespace cnnc::onnx {

// Replaces what amounts to one activation (x * sigmoid(x), x / 2 * (1 + erf(x / sqrt 2)), …) by one node of
// the domain "cnnc", whose operator is ours: "silu", "gelu". The nodes in between stay, for whoever else may
// read their values.
Model recognise_activations(Model model);

}  // namespace cnnc::onnx
