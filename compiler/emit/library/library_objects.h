// All objects of a library but the weights, as an archive or a process takes them, from those of its kernels.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "emit/kernels/kernel_objects.h"
#include "emit/library/interface.h"
#include "plan/plans.h"

namespace cnnc {

using Objects = std::vector<std::pair<std::string, std::string>>;  // name, bytes
// `kernels` are those of each plan.
Objects library_objects(const Plans& plans, const InterfaceOptions& options,
                        const std::vector<KernelObjects>& kernels);

}  // namespace cnnc
