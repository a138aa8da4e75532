// The inputs of a model as those of a network, and the batch.
#pragma once
#include <set>
#include <string>

#include "onnx/translate.h"
#include "onnx/translation.h"

namespace cnnc::onnx {

// Adds the inputs that are among the `needed` values, in the order of the model's, with the sizes that the
// model or the options give them, and sets t.images, the batch that the model has. Reports what is wrong;
// what an input that is wrong is called is then in the result.
std::set<std::string> add_inputs(Translation& t, const Model& model, const TranslateOptions& options,
                                 const std::set<std::string>& needed, const std::string& file,
                                 Diagnostics& diagnostics);

}  // namespace cnnc::onnx
