// What lowering leaves to the end: how the tensors of each kernel are aligned, and which kernels are equal.
#pragma once
#include "plan/plan.h"

namespace cnnc {

// From a plan in which each step has a kernel of its own, without alignments, to one in which steps with
// equal kernels share one; in the order of the steps.
void share_kernels(Plan& plan);

}  // namespace cnnc
