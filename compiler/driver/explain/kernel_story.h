// How a kernel computes its layer, for those who learn what makes code fast: algorithms, loops, registers,
// memory.
#pragma once
#include <string>

#include "plan/plan.h"

namespace cnnc {

// The algorithms that can compute the kernel's problem, with the multiply-adds that they make and the
// estimates by which one is chosen. "" of a kernel for which there is one way. `reason`: why the chosen
// one is, a sentence. The chosen one's multiply-adds are those of its schedule, the others' of their
// defaults.
std::string algorithms_text(const Kernel& kernel, const Target& target, const std::string& reason);

// The schedule's loops, each a little further in than the one around it.
std::string loops_text(const Kernel& kernel, const Target& target);

// What of the registers the innermost loop uses, how many bytes the kernel reads and writes, where they stay,
// and what bounds its time: arithmetic or memory. `definition`: the layer's multiply-adds for the images of a
// run of the kernel.
std::string memory_text(const Plan& plan, const Step& step, double definition);

}  // namespace cnnc
