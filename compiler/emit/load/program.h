// Compiled code as a program of its own, for another machine (runtime/program/program.c).
#pragma once
#include <string>
#include <vector>

#include "emit/library/library_objects.h"
#include "target/target.h"

namespace cnnc {

// A statically linked program, or a script with a module beside it, in a folder for temporary files, which
// goes with this object. Of the objects, which must have the runtime among them, it calls the given functions
// of the type cnnc_program_function, by their places in the list.
class Program {
 public:
  // Links it by the C compiler of the architecture: 'cc' for this machine's, else such as
  // 'aarch64-linux-gnu-gcc'. Throws RunnerError, in words for the user, where that is missing or fails.
  Program(const Objects& objects, const std::vector<std::string>& functions, const Target& target);
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program();

  const std::string& path() const { return path_; }

 private:
  std::string folder_, path_;
};

}  // namespace cnnc
