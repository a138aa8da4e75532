#include "plan/memory/in_place.h"

#include <algorithm>

#include "ops/registry.h"

namespace cnnc {

namespace {

int whole_of(const Plan& plan, int buffer) {
  const int whole = plan.buffers[buffer].whole;
  return whole < 0 ? buffer : whole;
}

bool is_alone_in_workspace(const Buffer& buffer) {
  return buffer.place == Buffer::Place::workspace && buffer.whole < 0;
}

// All that the step reads of this buffer lies as the result does, and nothing reads it later.
bool can_take_over(const Plan& plan, int step, int buffer) {
  const Step& s = plan.steps[step];
  const Kernel& kernel = plan.kernels[s.kernel];
  if (!is_alone_in_workspace(plan.buffers[buffer]) || plan.buffers[buffer].last != step) return false;
  if (!(plan.buffers[buffer].layout == kernel.output)) return false;
  for (size_t i = 0; i < s.inputs.size(); ++i)
    if (whole_of(plan, s.inputs[i]) == buffer &&
        (s.inputs[i] != buffer || !(kernel.inputs[i] == kernel.output)))
      return false;
  return true;
}

}  // namespace

// Vectors run along the channels of a block or along a row (kernels/maps/elementwise.cpp). If they do not
// fill it, the last one overlaps the one before, and would read what that has written.
bool is_pointwise(const Kernel& kernel, const Target& target) {
  const Operator* op = find_operator(kernel.family);
  if (!op || !op->facts.is_elementwise) return false;
  return kernel.output.innermost() % largest_vector(target, kernel.output.innermost()) == 0;
}

void choose_in_place(Plan& plan) {
  for (size_t s = 0; s < plan.steps.size(); ++s) {
    const Step& step = plan.steps[s];
    Buffer& output = plan.buffers[step.output];
    const Kernel& kernel = plan.kernels[step.kernel];
    if (!is_alone_in_workspace(output) || output.first != static_cast<int>(s)) continue;
    if (!(output.layout == kernel.output) || !is_pointwise(kernel, plan.target)) continue;
    const auto found = std::find_if(step.inputs.begin(), step.inputs.end(), [&](int input) {
      return can_take_over(plan, static_cast<int>(s), input);
    });
    if (found != step.inputs.end()) output.onto = *found;
  }
}

}  // namespace cnnc
