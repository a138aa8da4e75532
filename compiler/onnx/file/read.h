// Files to models: everything that a file may be wrong or hostile in is found here.
#pragma once
#include <optional>
#include <string>

#include "onnx/model.h"
#include "support/diagnostics.h"

namespace cnnc::onnx {

// Reads an ONNX file, and the files of external data beside it. Sizes, types, names, and the order of the
// nodes (which it restores where a file has them in another) are checked; nothing is allocated on a file's
// word alone. External data must lie in the model's own folder or below it: no absolute path, no "..", no
// link out of it. Empty if anything is wrong, which is reported.
std::optional<Model> read_model(const std::string& path, Diagnostics& diagnostics);

// The same of a file's bytes; `path` is where external data is looked for, and what messages call the file.
std::optional<Model> parse_model(const std::string& bytes, const std::string& path, Diagnostics& diagnostics);

}  // namespace cnnc::onnx
