// Models to ONNX files, for other tools.
#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "onnx/model.h"
#include "support/atomic_file.h"

namespace cnnc::onnx {

// The version of the file format that is written: that of ONNX 1.12.
constexpr int64_t kWrittenIrVersion = 8;

// Weights of more bytes than this stand in a file of their own: protobuf ends at two gigabytes.
constexpr int64_t kMostInlineBytes = 1 << 30;

// Paths and contents, for write_files_atomically.
using Files = std::vector<std::pair<std::string, Content>>;

// The file at `path`. Where the model's constants are larger than `most_inline`, those of floats stand in a
// second one beside it, `path`.data, which comes first. The same bytes for the same model. Constants are
// streamed, not copied.
Files write_model(const Model& model, const std::string& path, int64_t most_inline = kMostInlineBytes);

}  // namespace cnnc::onnx
