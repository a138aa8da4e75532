// Sizes that a model leaves open: what is said of them, and what to write.
#pragma once
#include <string>

#include "onnx/import/given_sizes.h"
#include "onnx/model.h"

namespace cnnc::onnx {

// Whether a dimension has a name to call it by: some exporters call all of them "?".
bool is_named(const Dimension& dimension);

// "Nx3x224x224"; a size that the model leaves open without a name is "?".
std::string shape_text(const ValueInfo& info);

// "NAME=SIZE" as a shell takes it.
std::string argument(const std::string& name, const std::string& size);

// Whether the first size may be one of its own as well as the batch, see may_lack_batch.
bool could_lack_batch(const ValueInfo& info);

// What to write must be right whether the first size is the batch or not: where both may be, it is in it.
Wrong open_sizes(const ValueInfo& info, const Known& known, const GivenSizes& given);

}  // namespace cnnc::onnx
