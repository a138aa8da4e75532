// The kernels of a plan → their objects, from the cache or compiled.
#pragma once
#include <string>
#include <vector>

#include "emit/emit.h"

namespace cnnc {

// By plan.kernels; `symbols` are the names of their functions. The same bytes from the cache and without one.
// Throws std::runtime_error when one cannot be compiled.
std::vector<std::string> kernel_objects(const Plan& plan, const std::vector<std::string>& symbols,
                                        const KernelOptions& options);

}  // namespace cnnc
