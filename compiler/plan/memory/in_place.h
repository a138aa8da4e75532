// Results that are written onto an input of their own step.
#pragma once
#include "plan/plan.h"

namespace cnnc {

// Whether the kernel writes each element of its result once, after it has read the elements there of the
// inputs that lie as the result does: element by element, in vectors that do not overlap.
bool is_pointwise(const Kernel& kernel, const Target& target);

// Sets Buffer::onto where a pointwise step reads a tensor of the workspace for the last time that lies as its
// result does. Lifetimes are set.
void choose_in_place(Plan& plan);

}  // namespace cnnc
