#include "support/input_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace cnnc {

InputFile::InputFile(const std::string& path, bool follow_link)
    // O_NONBLOCK: opening a pipe does not wait for its other end.
    : descriptor_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | (follow_link ? 0 : O_NOFOLLOW))) {
  struct stat status {};
  if (descriptor_ < 0 || fstat(descriptor_, &status) != 0)
    error_ = errno;
  else if (S_ISDIR(status.st_mode))
    instead_ = "a folder";
  else if (!S_ISREG(status.st_mode))
    instead_ = "a pipe or device";
  else
    bytes_ = status.st_size;
}

InputFile::~InputFile() {
  if (descriptor_ >= 0) close(descriptor_);
}

std::string InputFile::fault(std::string_view content, std::string_view kind) const {
  if (error_ != 0) return fmt::format("{} cannot be read: {}", content, std::strerror(error_));
  return instead_.empty() ? "" : fmt::format("expected {}, found {}", kind, instead_);
}

bool InputFile::read_at(int64_t offset, void* to, int64_t bytes) const {
  for (char* at = static_cast<char*>(to); bytes > 0;) {
    const ssize_t count = pread(descriptor_, at, static_cast<size_t>(bytes), offset);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    at += count;
    offset += count;
    bytes -= count;
  }
  return true;
}

std::string InputFile::start(int64_t bytes) const {
  std::string start(static_cast<size_t>(std::min(bytes, bytes_)), '\0');
  if (!read_at(0, start.data(), static_cast<int64_t>(start.size()))) start.clear();
  return start;
}

}  // namespace cnnc
