// The inputs of a model as those of a network, and the batch.
#pragma once
#include <set>
#include <string>

#include "onnx/import/translate_options.h"
#include "onnx/translation/translation.h"
#include "support/diagnostics.h"

namespace cnnc::onnx {

// What the first size of an input is that may_lack_batch (input_sizes.h): the batch, or a size of its own as
// in a model that takes one picture C x H x W and adds the batch itself.
enum class Reading { with_batch, without_batch };

// Adds an input of these sizes, the batch in front, to the graph; the view has them.
View add_input(Translation& t, std::string name, const std::vector<int64_t>& sizes);

// Adds the inputs, in the order of the model's, with the sizes that the model or the options give them, and
// sets t.images, the batch that the model has. Reports what is wrong with those that are among the `needed`
// values; what an input that is wrong is called is then in the result. The others are inputs as well, or
// there is a note that they are not.
std::set<std::string> add_inputs(Translation& t, const Model& model, const TranslateOptions& options,
                                 Reading reading, const std::set<std::string>& needed,
                                 const std::string& file, Diagnostics& diagnostics);

}  // namespace cnnc::onnx
