// Which build of the compiler this is.
#pragma once
#include <optional>
#include <string>

namespace cnnc {

// The build IDs that the linker gave to this program and to each shared library that it has loaded, Halide
// and LLVM among them: other code has another identity. Empty if one of them has none.
std::optional<std::string> build_identity();

}  // namespace cnnc
