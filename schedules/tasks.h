// A kernel's outermost loops for several threads.
#pragma once
#include <Halide.h>

#include <vector>

#include "plan/kernel.h"

namespace cnnc {

using Loops = std::vector<Halide::Var>;

// Makes loops of the result that stand inside each other, given from the inner to the outer, into one whose
// iterations may run at the same time, if the kernel has tasks to share out; else it leaves them alone. No
// two iterations may store the same element: where tails overlap, an element's last bits can depend on the
// tile that it is in, and the order of the stores would decide. Returns the loop that the innermost of them
// has become, for compute_at().
Halide::Var schedule_tasks(Halide::Func result, const Kernel& kernel, const Loops& loops);

}  // namespace cnnc
