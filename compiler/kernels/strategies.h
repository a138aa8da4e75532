// How kernels are computed for comparison with our schedules (Kernel::strategy): as Halide computes an
// algorithm without a schedule, or as one of its autoschedulers has it.
#pragma once
#include <string>
#include <vector>

#include "plan/kernel.h"
#include "target/target.h"

namespace cnnc {

struct ScheduledKernel;  // kernels/kernel.h, which includes Halide

// "naive": every function inlined but the sums, which are computed one element at a time; no vectors, no
// tiles, no threads. And Halide's autoschedulers "mullapudi2016" (Mullapudi et al. 2016), "li2018" (Li et al.
// 2018) and "adams2019" (Adams et al. 2019).
const std::vector<std::string>& strategy_names();

// Throws std::runtime_error, in words for the user, where a strategy takes a plugin of Halide's that is not
// in the folder; without one, where it was when cnnc was built.
void require_plugin(const std::string& strategy, const std::string& folder = "");

// Schedules the kernel, which has no schedule yet, by kernel.strategy. Throws std::runtime_error where the
// plugin is missing, and Halide's errors; an autoscheduler may take very long, or crash.
void apply_strategy(const ScheduledKernel& scheduled, const Kernel& kernel, const Target& target);

}  // namespace cnnc
