// The sizes of a model's inputs: what the model says of them, and what the command line does.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "onnx/import/translate.h"
#include "onnx/model.h"
#include "support/diagnostics.h"

namespace cnnc::onnx {

// What is wrong with an input: "is of type int64", and what to do about it.
struct Wrong {
  std::string what, hint;
};

// The sizes of an input as far as they are known; where not, empty. Only that of the batch, the first, may be
// empty.
using Known = std::vector<std::optional<int64_t>>;

// What the options say, by what it is of. A name may be both an input's and a dimension's: then one number is
// the dimension's size, and several are the input's shape.
struct GivenSizes {
  std::map<std::string, std::vector<int64_t>> shapes;      // of inputs
  std::map<std::string, std::vector<int64_t>> dimensions;  // one number each, where the user wrote it so
  std::set<std::string> shared;                            // names that are both, given or not
};
GivenSizes given_sizes(const Model& model, const TranslateOptions& options);

// Whether an input may be one without a batch: of one to three sizes, the first of which the model or the
// options give. A 1 of the model is a batch.
bool may_lack_batch(const ValueInfo& info, const GivenSizes& given);

// The sizes of an input, two to four with the batch; one that lacks it gets a batch of 1 in front. Throws
// Wrong.
Known sizes_of_input(const ValueInfo& info, const GivenSizes& given, bool lacks_batch);

// "Nx3x224x224"; a size that the model leaves open without a name is "?".
std::string shape_text(const ValueInfo& info);

// Reports sizes of the options that name nothing in the model.
void check_names(const Model& model, const TranslateOptions& options, const std::string& file,
                 Diagnostics& diagnostics);

}  // namespace cnnc::onnx
