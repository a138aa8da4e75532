#include "emit/objects/lld.h"

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

namespace cnnc {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& path) {
  throw std::runtime_error(
      fmt::format("cannot write '{}': {}", path, std::generic_category().message(errno)));
}

fs::path folder() {
  std::error_code error;
  fs::path path = fs::temp_directory_path(error);
  if (error) throw std::runtime_error("linking takes temporary files, and $TMPDIR names no folder");
  return path;
}

}  // namespace

TemporaryFile::TemporaryFile() : path_((folder() / "cnnc-link-XXXXXX").string()) {
  const int descriptor = mkstemp(path_.data());
  if (descriptor < 0) fail(path_);
  unlink_on_signal(path_);
  close(descriptor);
}

TemporaryFile::~TemporaryFile() {
  unlink(path_.c_str());
  keep_on_signal(path_);
}

void TemporaryFile::write(const ByteSource& source) const {
  std::ofstream file(path_, std::ios::binary);
  source([&](const void* data, size_t bytes) {
    file.write(static_cast<const char*>(data), static_cast<std::streamsize>(bytes));
  });
  if (!file.flush()) fail(path_);
}

void TemporaryFile::pass_on(const ByteSink& take) const {
  std::ifstream file(path_, std::ios::binary);
  std::vector<char> piece(1 << 20);
  while (file.read(piece.data(), static_cast<std::streamsize>(piece.size())) || file.gcount() > 0)
    take(piece.data(), static_cast<size_t>(file.gcount()));
  if (!file.eof()) throw std::runtime_error("what was linked cannot be read");
}

void call_lld(Lld* link, const std::vector<std::string>& words) {
  std::vector<const char*> arguments;
  for (const std::string& word : words) arguments.push_back(word.c_str());
  std::string out, errors;
  llvm::raw_string_ostream out_stream(out), error_stream(errors);
  const bool is_linked = link(arguments, out_stream, error_stream, false, false);
  lld::CommonLinkerContext::destroy();
  if (!is_linked) throw std::runtime_error("LLD: " + error_stream.str());
}

}  // namespace cnnc
