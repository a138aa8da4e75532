#include "support/atomic_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "support/unlink_on_signal.h"

namespace cnnc {
namespace {

[[noreturn]] void fail(const std::string& path, int error) {
  if (error == EPIPE) throw ClosedPipe{};
  throw FileError(fmt::format("cannot write '{}': {}", path, std::generic_category().message(error)));
}

// Writes all of it; `name` is the path that messages speak of.
void write_all(int descriptor, std::string_view content, const std::string& name) {
  while (!content.empty()) {
    const ssize_t written = write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(name, errno);
    content.remove_prefix(static_cast<size_t>(written));
  }
}

void write_content(int descriptor, const Content& content, const std::string& name) {
  if (const auto* text = std::get_if<std::string_view>(&content)) return write_all(descriptor, *text, name);
  std::get<ByteSource>(content)([&](const void* data, size_t bytes) {
    write_all(descriptor, {static_cast<const char*>(data), bytes}, name);
  });
}

// Closes in any case. A full disk or a broken network folder may show itself only in the closing.
void write_and_close(int descriptor, const Content& content, const std::string& name) {
  try {
    write_content(descriptor, content, name);
  } catch (...) {
    close(descriptor);
    throw;
  }
  if (close(descriptor) != 0 && errno != EINTR) fail(name, errno);
}

struct NewFile {
  std::string path;
  int descriptor;
};

// A new empty file in a folder ("" or a path with its slash), to be unlinked on a signal. Short in name: the
// folder's limit then never refuses it where it accepts the file that is wanted.
NewFile create_in(const std::string& folder, const std::string& name) {
  static std::atomic<unsigned> counter{0};
  for (;;) {
    const std::string path = fmt::format("{}.cnnc-{}-{}.tmp", folder, getpid(), counter++);
    unlink_on_signal(path);
    const int descriptor = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor >= 0) return {path, descriptor};
    const int error = errno;
    keep_on_signal(path);
    if (error != EEXIST) fail(name, error);
  }
}

void remove_temporary(const std::string& path) {
  unlink(path.c_str());
  keep_on_signal(path);
}

// Where the bytes go: a link stays a link to the file that it names.
std::string target_of(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_symlink(path, error)) return path;
  const std::filesystem::path target = std::filesystem::canonical(path, error);
  return error ? path : target.string();
}

// Whether the path is there and is no regular file: a pipe, /dev/null. Such a thing is written, never
// replaced.
bool is_special(const std::string& path) {
  struct stat status = {};
  if (stat(path.c_str(), &status) != 0) return false;
  if (S_ISDIR(status.st_mode)) fail(path, EISDIR);
  return !S_ISREG(status.st_mode);
}

void write_special(const std::string& path, const Content& content) {
  const int descriptor = open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (descriptor < 0) fail(path, errno);
  write_and_close(descriptor, content, path);
}

// The folder of a path: "" or with its slash.
std::string folder_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash + 1);
}

// A file on its way: beside its target, not yet renamed. Without a commit it leaves nothing.
class Pending {
 public:
  explicit Pending(const std::string& path)
      : path_(path), target_(target_of(path)), file_(create_in(folder_of(target_), path)) {}
  Pending(Pending&& other) noexcept
      : path_(std::move(other.path_)),
        target_(std::move(other.target_)),
        file_(std::exchange(other.file_, NewFile{"", -1})) {}
  ~Pending() {
    if (file_.descriptor >= 0) close(file_.descriptor);
    if (!file_.path.empty()) remove_temporary(file_.path);
  }

  void fill(const Content& content) { write_and_close(std::exchange(file_.descriptor, -1), content, path_); }

  void commit() {
    if (rename(file_.path.c_str(), target_.c_str()) != 0) fail(path_, errno);
    keep_on_signal(std::exchange(file_.path, ""));
  }

 private:
  std::string path_, target_;
  NewFile file_;
};

}  // namespace

void write_files_atomically(const std::vector<std::pair<std::string, Content>>& path_and_content) {
  std::vector<Pending> pending;
  std::vector<const std::pair<std::string, Content>*> special;
  for (const auto& item : path_and_content) {
    if (is_special(item.first)) {
      special.push_back(&item);
    } else {
      pending.emplace_back(item.first).fill(item.second);
    }
  }
  for (const auto* item : special) write_special(item->first, item->second);
  for (Pending& file : pending) file.commit();
}

void write_file_atomically(const std::string& path, std::string_view content) {
  std::vector<std::pair<std::string, Content>> path_and_content;
  path_and_content.emplace_back(path, content);
  write_files_atomically(path_and_content);
}

}  // namespace cnnc
