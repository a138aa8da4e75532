// Files of bytes: weights and models, which are read at any place and may be larger than memory.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace cnnc {

// A regular file, open for reading until the end of its scope. Pipes and devices are refused, not waited for.
class InputFile {
 public:
  // `follow_link`: whether the path itself may be a link.
  explicit InputFile(const std::string& path, bool follow_link = true);
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  // Why it cannot be read, or "": "the weights cannot be read: Permission denied", "expected a safetensors
  // file, found a folder".
  std::string fault(std::string_view content, std::string_view kind) const;
  int descriptor() const { return descriptor_; }
  int64_t bytes() const { return bytes_; }

  // Reads exactly that range; false if the file ends before it, or fails.
  bool read_at(int64_t offset, void* to, int64_t bytes) const;
  // The first bytes, at most so many.
  std::string start(int64_t bytes) const;

 private:
  int descriptor_ = -1;
  int64_t bytes_ = 0;
  int error_ = 0;             // of the system, where it cannot be opened
  std::string_view instead_;  // what it is, where it is no regular file
};

}  // namespace cnnc
