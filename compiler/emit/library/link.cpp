#include "emit/library/link.h"

#include <fmt/format.h>
#include <lld/Common/CommonLinkerContext.h>
#include <llvm/ADT/ArrayRef.h>
#include <llvm/Support/raw_ostream.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <system_error>
#include <vector>

#include "support/unlink_on_signal.h"

// As both versions of LLD have it; their headers declare it in different ways.
namespace lld::elf {
bool link(llvm::ArrayRef<const char*> arguments, llvm::raw_ostream& out, llvm::raw_ostream& errors,
          bool exit_early, bool disable_output);
}  // namespace lld::elf

namespace cnnc {
namespace {

namespace fs = std::filesystem;

// An empty file in the folder for temporary ones, which goes with this object and on a signal.
class TemporaryFile {
 public:
  TemporaryFile() {
    const int descriptor = mkstemp(path_.data());
    if (descriptor < 0) fail();
    unlink_on_signal(path_);
    close(descriptor);
  }
  ~TemporaryFile() {
    unlink(path_.c_str());
    keep_on_signal(path_);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  const std::string& path() const { return path_; }

  void write(const ByteSource& source) const {
    std::ofstream file(path_, std::ios::binary);
    source([&](const void* data, size_t bytes) {
      file.write(static_cast<const char*>(data), static_cast<std::streamsize>(bytes));
    });
    if (!file.flush()) fail();
  }

 private:
  [[noreturn]] void fail() const {
    throw std::runtime_error(
        fmt::format("cannot write '{}': {}", path_, std::generic_category().message(errno)));
  }

  static fs::path folder() {
    std::error_code error;
    fs::path path = fs::temp_directory_path(error);
    if (error) throw std::runtime_error("linking takes temporary files, and $TMPDIR names no folder");
    return path;
  }

  std::string path_ = (folder() / "cnnc-link-XXXXXX").string();
};

void pass_on(const std::string& path, const ByteSink& take) {
  std::ifstream file(path, std::ios::binary);
  std::vector<char> piece(1 << 20);
  while (file.read(piece.data(), static_cast<std::streamsize>(piece.size())) || file.gcount() > 0)
    take(piece.data(), static_cast<size_t>(file.gcount()));
  if (!file.eof()) throw std::runtime_error("what was linked cannot be read");
}

void call_lld(const std::vector<std::string>& words) {
  std::vector<const char*> arguments;
  for (const std::string& word : words) arguments.push_back(word.c_str());
  std::string out, errors;
  llvm::raw_string_ostream out_stream(out), error_stream(errors);
  const bool is_linked = lld::elf::link(arguments, out_stream, error_stream, false, false);
  lld::CommonLinkerContext::destroy();
  if (!is_linked) throw std::runtime_error("LLD: " + error_stream.str());
}

// The output is written without a temporary file of LLD's, which a signal would leave.
ByteSource linked(const ByteSource& archive, std::vector<std::string> options) {
  return [archive, options = std::move(options)](const ByteSink& take) {
    const TemporaryFile input, output;
    input.write(archive);
    std::vector<std::string> words = {"ld.lld", "--threads=1", "--no-mmap-output-file", "-o", output.path()};
    words.insert(words.end(), options.begin(), options.end());
    words.insert(words.end(), {"--whole-archive", input.path()});
    call_lld(words);
    pass_on(output.path(), take);
  };
}

}  // namespace

ByteSource shared_library(const ByteSource& archive, const std::string& soname) {
  return linked(archive, {"-shared", "-soname", soname, "-z", "text", "-z", "relro", "-z", "now", "-z",
                          "noexecstack", "--hash-style=gnu", "--build-id=sha1", "-O2"});
}

ByteSource one_object(const ByteSource& archive) {
  return linked(archive, {"-r"});
}

}  // namespace cnnc
