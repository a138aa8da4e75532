// How far a compilation is, for who waits for it.
#pragma once
#include <cstddef>
#include <functional>

namespace cnnc {

// Whether the standard error is a terminal, where somebody may be waiting.
bool is_watched();

// Shows "compiling kernels 12/53" in one line of the standard error, over what it showed before; null where
// that is no terminal. The line is erased when all are done, and when the last copy of the function goes, as
// where an exception ends the work: what is printed behind it begins on a line of its own.
std::function<void(size_t done, size_t count)> progress_line();

}  // namespace cnnc
