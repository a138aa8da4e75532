// The part of a model that the command line asks for, by the names of its values.
#pragma once
#include <optional>
#include <string>

#include "onnx/import/translate_options.h"
#include "onnx/model.h"
#include "support/diagnostics.h"

namespace cnnc::onnx {

// The model between options.inputs and options.outputs, those values in their order; where an option names
// none, they are the model's own, and behind the inputs that are named come those of the model that the
// outputs depend on all the same. The sizes of an input are those that the model computes, as far as it can
// be translated, else those that the file declares. Reports names that are no values of the model and inputs
// that no output depends on.
std::optional<Model> cut(Model model, const TranslateOptions& options, const std::string& file,
                         Diagnostics& diagnostics);

}  // namespace cnnc::onnx
