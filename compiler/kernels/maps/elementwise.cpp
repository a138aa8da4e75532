#include <algorithm>

#include "kernels/activation.h"
#include "kernels/families.h"
#include "kernels/quantization.h"
#include "kernels/tensors.h"
#include "schedules/tasks.h"

namespace cnnc {

using Halide::Expr;

namespace {

// Vectors along the channels of a block or, of planar maps, along the width; what is left over element by
// element.
void schedule_elementwise(Halide::Func result, const Coordinates& at, const Kernel& kernel,
                          const Target& target) {
  if (kernel.output.block > 1 && kernel.output.type == ElementType::uint8)
    return schedule_bytes(result, at, kernel);
  const Halide::Var along = kernel.output.block > 1 ? at.lane : at.x;
  const int lanes = largest_vector(target, kernel.output.innermost());
  if (along.same_as(at.x)) result.reorder(at.x, at.lane, at.y, at.plane);
  result.vectorize(along, lanes, Halide::TailStrategy::ShiftInwards);
  schedule_tasks(result, kernel, {at.y, at.plane, at.image});
}

// Whether one pixel of the input counts for every pixel of the result.
bool is_broadcast(const Layout& input, const Layout& output) {
  return input.height * input.width == 1 && output.height * output.width > 1;
}

// The inputs that are the operator's own, not operands of the epilogue.
std::vector<int> own_inputs(const Kernel& kernel) {
  std::vector<int> own;
  for (int i = 0; i < static_cast<int>(kernel.inputs.size()); ++i)
    if (std::none_of(kernel.epilogue.begin(), kernel.epilogue.end(),
                     [&](const EpilogueStep& step) { return step.operand == i; }))
      own.push_back(i);
  return own;
}

}  // namespace

ScheduledKernel elementwise(const Kernel& kernel, const Target& target) {
  const Coordinates at;
  std::vector<Halide::ImageParam> inputs;
  // Of vectors the blocks may differ; of maps of one pixel not, but they may have a halo.
  const bool is_vector = kernel.output.height * kernel.output.width == 1 &&
                         std::none_of(kernel.inputs.begin(), kernel.inputs.end(),
                                      [](const Layout& input) { return input.has_halo(); });
  for (size_t i = 0; i < kernel.inputs.size(); ++i)
    inputs.push_back(is_vector ? vector_parameter(kernel, i) : input_parameter(kernel, i));
  const int block = static_cast<int>(kernel.output.block);
  ScheduledKernel scheduled{Halide::Func("result"), {inputs.begin(), inputs.end()}};
  const auto element = [&](int i) -> Expr {
    if (is_vector) return inputs[i](at.plane * block + at.lane, at.image);
    const bool broadcast = is_broadcast(kernel.inputs[i], kernel.output);
    return inputs[i](at.lane, broadcast ? Expr(0) : at.x, broadcast ? Expr(0) : at.y, at.plane, at.image);
  };
  const auto channel_constant = [&](const char* name) -> Expr {
    Halide::ImageParam constant = constant_parameter(name, {block, kernel.output.planes()});
    scheduled.arguments.push_back(constant);
    return constant(at.lane, at.plane);
  };
  const std::vector<int> own = own_inputs(kernel);
  Expr value = element(own[0]);
  if (kernel.family == "add") {
    for (size_t i = 1; i < own.size(); ++i) value += element(own[i]);
  } else if (kernel.family == "multiply") {
    for (size_t i = 1; i < own.size(); ++i) value *= element(own[i]);
  } else if (kernel.family == "batchnorm") {
    const Expr scale = channel_constant("scale"), shift = channel_constant("shift");
    value = value * scale + shift;
  } else if (kernel.family == "prelu") {
    value = Halide::select(value > 0.0f, value, channel_constant("weight") * value);
  } else {
    value = activate(kernel.family, attributes_of(kernel), value);
  }
  scheduled.result(at.lane, at.x, at.y, at.plane, at.image) = apply_epilogue(kernel, value, element);
  constrain_result(scheduled.result, kernel);
  schedule_elementwise(scheduled.result, at, kernel, target);
  return scheduled;
}

}  // namespace cnnc
