// Into how many tasks for several threads a kernel's work is worth splitting.
#pragma once
#include "plan/kernel.h"
#include "target/target.h"

namespace cnnc {

// Fewer tasks are not shared out: to wake a thread takes microseconds, and one task more or less for a thread
// would be much of the time.
constexpr int64_t kLeastTasks = 4;

// An estimate of the kernel's time on one core, from multiply-adds and bytes of memory.
double estimated_seconds(const Kernel& kernel, const Target& target);

// As many tasks of `task_seconds` as an estimate of the kernel's time has, at most 256; 1 if they are too few
// to be worth the wait for each other.
int tasks_of(const Kernel& kernel, const Target& target, double task_seconds);

}  // namespace cnnc
