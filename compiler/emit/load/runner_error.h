// What goes wrong with a program that runs elsewhere, and is no fault of the compiled code.
#pragma once
#include <stdexcept>

namespace cnnc {

// In words for the user: the compiler that links the program, or the command that runs it.
struct RunnerError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace cnnc
