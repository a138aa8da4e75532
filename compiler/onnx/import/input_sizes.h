// The sizes of a model's inputs: what the model says of them, and what the command line does.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "onnx/import/given_sizes.h"
#include "onnx/import/translate_options.h"
#include "onnx/model.h"
#include "support/diagnostics.h"

namespace cnnc::onnx {

// The sizes of the options, by what they are of.
GivenSizes given_sizes(const Model& model, const TranslateOptions& options);

// Whether an input may be one without a batch: of one to three sizes, the first of which the model or the
// options give, or of more, the first of which the model gives. A 1 of the model is a batch.
bool may_lack_batch(const ValueInfo& info, const GivenSizes& given);

// The sizes of an input, two to seven with the batch; one that lacks it gets a batch of 1 in front, a single
// number a batch and a size of 1. Throws Wrong.
Known sizes_of_input(const ValueInfo& info, const GivenSizes& given, bool lacks_batch);

// Reports sizes of the options that name nothing in the model.
void check_names(const Model& model, const TranslateOptions& options, const std::string& file,
                 Diagnostics& diagnostics);

}  // namespace cnnc::onnx
