// The JSON header of a safetensors file: its text to a list of tensors, before anything of it is believed.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cnnc {

// One tensor as the header describes it.
struct TensorEntry {
  std::string name;
  std::string type;            // "F32"
  std::vector<int64_t> sizes;  // each at least 0; none: a scalar
  int64_t begin = 0, end = 0;  // bytes, counted from the end of the header
};

struct HeaderError {
  std::string message;
  std::string hint;
};

// Reads the header's structure: an object of objects with the fields dtype, shape and data_offsets, each
// once, and
// `__metadata__`, whose strings are skipped. Empty, and the error filled in, where it is anything else.
std::optional<std::vector<TensorEntry>> parse_header(std::string_view json, HeaderError& error);

// Whether the tensors are of known types, have shapes within the limits and fill the `data_bytes` bytes
// behind the header without overlap or hole. Returns all that is wrong with single tensors, or else all that
// is wrong with the layout; at most 20 errors.
std::vector<HeaderError> check_layout(const std::vector<TensorEntry>& tensors, int64_t data_bytes);

}  // namespace cnnc
