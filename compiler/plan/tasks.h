// Into how many tasks for several threads a kernel's work is worth splitting.
#pragma once
#include "plan/plan.h"

namespace cnnc {

// As many tasks of `task_seconds` as an estimate of the kernel's time has, at most 256; 1 if they are too few
// to be worth the wait for each other. The estimate is for one core, from multiply-adds and bytes of memory.
int tasks_of(const Kernel& kernel, const Target& target, double task_seconds);

}  // namespace cnnc
