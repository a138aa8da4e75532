// What ends a command whose input is wrong.
#pragma once
#include <string>

namespace cnnc {

// The input is wrong, or a file cannot be read or written: exit code 1. `text` is what the user sees, whole
// lines.
struct InputError {
  std::string text;
};

}  // namespace cnnc
