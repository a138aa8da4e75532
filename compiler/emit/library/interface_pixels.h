// The run of a library whose network reads pictures.
#pragma once
#include "emit/library/interface_parts.h"

namespace cnnc {

// Whether an input is made of pictures.
bool reads_pixels(const Plan& plan);
// And is bytes to the network.
bool makes_bytes_of_pixels(const Plan& plan);

// int <prefix>_run_pixels(…): as run_with, which it calls, but of an input that is made of pictures it takes
// the pixels, width, height, stride and format, and makes its floats in the workspace. Nothing for a network
// that reads none.
void add_run_pixels(Interface& f, llvm::Function* run_with);

}  // namespace cnnc
