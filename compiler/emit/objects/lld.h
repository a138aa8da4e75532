// LLD, which is part of cnnc, and the files that it reads and writes. For the files of this folder alone.
#pragma once
#include <llvm/ADT/ArrayRef.h>

#include <string>
#include <vector>

#include "support/bytes.h"

namespace llvm {
class raw_ostream;
}

namespace cnnc {

// An empty file in the folder for temporary ones, which goes with this object and on a signal. All throw
// std::runtime_error where the system refuses.
class TemporaryFile {
 public:
  TemporaryFile();
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  const std::string& path() const { return path_; }
  void write(const ByteSource& source) const;
  void pass_on(const ByteSink& take) const;

 private:
  std::string path_;
};

// One of LLD's linkers, such as lld::elf::link. Both versions of LLD have them so; their headers declare them
// in different ways.
using Lld = bool(llvm::ArrayRef<const char*> arguments, llvm::raw_ostream& out, llvm::raw_ostream& errors,
                 bool exit_early, bool disable_output);

// Throws std::runtime_error with what LLD says where it refuses. The first word is the linker's name.
void call_lld(Lld* link, const std::vector<std::string>& words);

}  // namespace cnnc
