// What each kernel computes, as Halide algorithms, and how (by the schedules of ../../schedules).
#pragma once
#include <Halide.h>

#include <string>
#include <string_view>
#include <vector>

#include "plan/kernel.h"
#include "target/target.h"

namespace cnnc {

// A kernel ready to be lowered: its scheduled result and the parameters in the order of the kernel's
// arguments (inputs, constants). All sizes and strides are constants of the code.
struct ScheduledKernel {
  Halide::Func result;
  std::vector<Halide::Argument> arguments;
  std::string once =
      {};  // a Func, if any, that is computed in a parallel loop: by each thread once, then kept
  bool has_dots = false;  // sums of products of bytes, of which code generation makes what the target has
};

// What the builder of the kernel's family makes, scheduled by kernel.schedule or, unless that is empty,
// kernel.strategy (kernels/strategies.h). Throws std::logic_error for a family that is not in the registry.
ScheduledKernel schedule_kernel(const Kernel& kernel, const Target& target);

// Halide's target for code of this instruction set, without runtime, assertions and bounds queries.
Halide::Target halide_target(const Target& target);

// The same for kernels with dot products.
Halide::Target halide_target_of_dots(const Target& target);

}  // namespace cnnc
