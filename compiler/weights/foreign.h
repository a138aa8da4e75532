// Weights in another format than safetensors: recognised by their first bytes, to say how they are converted.
#pragma once
#include <optional>
#include <string_view>

namespace cnnc {

struct ForeignFile {
  enum class Format { other, onnx, text };
  std::string_view name;  // "a PyTorch checkpoint"
  std::string_view hint;
  Format format = Format::other;
};

// What a file with these first bytes (64 are enough) is, if it is a known format that people take for
// safetensors.
std::optional<ForeignFile> recognise_foreign_file(std::string_view start);

}  // namespace cnnc
