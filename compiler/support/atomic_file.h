// Output that appears whole or not at all.
#pragma once
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cnnc {

// A file cannot be written: the path and the system's reason (a full disk, a missing folder).
struct FileError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Throws FileError.
// Each content goes to a temporary file beside its path; once all are written they are renamed, in order. A
// failed or interrupted (SIGINT, SIGTERM, SIGHUP) run leaves the old files as they were and no temporary
// ones; a killed one leaves the old files. A path to a pipe or a device is written, never replaced; a link
// stays a link.
void write_files_atomically(const std::vector<std::pair<std::string, std::string_view>>& path_and_content);

// A file in the folder for temporary files that lives as long as the object, also unlinked on a signal.
class TemporaryFile {
 public:
  TemporaryFile();
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  const std::string& path() const { return path_; }
  void append(const void* data, size_t bytes);  // throws FileError
  void close();                                 // all is on the file system after it; throws FileError

 private:
  std::string path_;
  int descriptor_ = -1;
};

}  // namespace cnnc
