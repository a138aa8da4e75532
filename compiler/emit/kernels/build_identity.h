// Which build of what makes kernels this is.
#pragma once
#include <optional>
#include <string>

namespace cnnc {

// The SHA-256 of each of our libraries that have a part in it, a line each (kernel_makers.cmake).
extern const char* const kKernelMakers;

// These hashes, and the build IDs that the linker gave to each shared library that is loaded, Halide and LLVM
// among them: other code has another identity, and what does not make kernels, as the front end, has no part
// in it. Empty if a library has no ID.
std::optional<std::string> build_identity();

}  // namespace cnnc
