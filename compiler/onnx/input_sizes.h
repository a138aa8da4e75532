// The sizes of a model's inputs: what the model says of them, and what the command line does.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "onnx/model.h"
#include "onnx/translate.h"
#include "support/diagnostics.h"

namespace cnnc::onnx {

// What is wrong with an input: "is of type int64", and what to do about it.
struct Wrong {
  std::string what, hint;
};

// The sizes of an input as far as they are known; where not, empty. Only that of the batch, the first, may be
// empty.
using Known = std::vector<std::optional<int64_t>>;

// The sizes of an input, two to four with the batch. Throws Wrong.
Known sizes_of_input(const ValueInfo& info, const TranslateOptions& options);

// "Nx3x224x224"; a size that the model leaves open without a name is "?".
std::string shape_text(const ValueInfo& info);

// Reports sizes of the options that name nothing in the model.
void check_names(const Model& model, const TranslateOptions& options, const std::string& file,
                 Diagnostics& diagnostics);

}  // namespace cnnc::onnx
