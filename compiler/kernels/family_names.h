// Which families of kernels there are, for who speaks of them without Halide.
#pragma once
#include <string>
#include <vector>

namespace cnnc {

// All that plans have kernels of, elementwise operators among them.
std::vector<std::string> kernel_families();

}  // namespace cnnc
