// Safetensors files in memory, and what reading them gives.
#pragma once
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "support/atomic_file.h"
#include "weights/weights.h"

namespace cnnc::testing {

template <class T>
std::string bytes_of(const std::vector<T>& values) {
  std::string bytes(values.size() * sizeof(T), '\0');
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

inline std::string safetensors(const std::string& header, const std::string& data = "") {
  return bytes_of<uint64_t>({header.size()}) + header + data;
}

struct Result {
  std::optional<NamedTensors> tensors;
  Diagnostics diagnostics;
};

inline Result read_path(const std::string& path) {
  Result result;
  result.tensors = read_safetensors(path, result.diagnostics);
  CHECK(result.tensors.has_value() != result.diagnostics.has_errors());
  for (const Diagnostic& d : result.diagnostics.all()) CHECK(d.file == path);
  return result;
}

inline Result read_bytes(const std::string& bytes) {
  const std::string path =
      (std::filesystem::temp_directory_path() / fmt::format("cnnc_weights_{}", getpid())).string();
  write_file_atomically(path, bytes);
  Result result = read_path(path);
  std::filesystem::remove(path);
  return result;
}

// All messages, one a line, with their hints.
inline std::string errors_text(const Diagnostics& diagnostics) {
  std::string text;
  for (const Diagnostic& d : diagnostics.all())
    text += (text.empty() ? "" : "\n") + d.message + (d.hint.empty() ? "" : "\nhint: " + d.hint);
  return text;
}

inline std::string errors_of(const std::string& bytes) {
  return errors_text(read_bytes(bytes).diagnostics);
}

inline std::string header_errors(const std::string& header, const std::string& data = "") {
  return errors_of(safetensors(header, data));
}

}  // namespace cnnc::testing
