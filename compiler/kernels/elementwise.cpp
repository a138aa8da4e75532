#include <algorithm>

#include "kernels/activation.h"
#include "kernels/families.h"
#include "kernels/tensors.h"

namespace cnnc {

using Halide::Expr;

namespace {

// Vectors along the channels of a block or, of planar maps, along the width; what is left over element by
// element.
void schedule_elementwise(Halide::Func result, const Coordinates& at, const Kernel& kernel,
                          const Target& target) {
  const Halide::Var along = kernel.output.block > 1 ? at.lane : at.x;
  const int64_t size = kernel.output.block > 1 ? kernel.output.block : kernel.output.width;
  int lanes = target.lanes;
  while (lanes > size) lanes /= 2;
  if (along.same_as(at.x)) result.reorder(at.x, at.lane, at.y, at.plane);
  result.vectorize(along, lanes, Halide::TailStrategy::ShiftInwards);
}

}  // namespace

ScheduledKernel elementwise(const Kernel& kernel, const Target& target) {
  const Coordinates at;
  std::vector<Halide::ImageParam> inputs;
  const bool is_vector = kernel.output.height * kernel.output.width == 1;
  for (size_t i = 0; i < kernel.inputs.size(); ++i)
    inputs.push_back(is_vector ? vector_parameter(kernel, i) : input_parameter(kernel, i));
  const int block = static_cast<int>(kernel.output.block);
  const auto element = [&](int i) -> Expr {
    return is_vector ? inputs[i](at.plane * block + at.lane) : inputs[i](at.lane, at.x, at.y, at.plane);
  };
  ScheduledKernel scheduled{Halide::Func("result"), {inputs.begin(), inputs.end()}};
  Expr value = element(0);
  size_t operands = 1;
  if (kernel.family == "add") {
    const size_t fused =
        static_cast<size_t>(std::count_if(kernel.epilogue.begin(), kernel.epilogue.end(),
                                          [](const EpilogueStep& s) { return s.operand >= 0; }));
    for (; operands + fused < kernel.inputs.size(); ++operands) value += element(static_cast<int>(operands));
  } else if (kernel.family == "batchnorm") {
    Halide::ImageParam scale = constant_parameter("scale", {block, kernel.output.planes()});
    Halide::ImageParam shift = constant_parameter("shift", {block, kernel.output.planes()});
    scheduled.arguments.push_back(scale);
    scheduled.arguments.push_back(shift);
    value = value * scale(at.lane, at.plane) + shift(at.lane, at.plane);
  } else {
    value = activate(kernel.family, kernel.attributes, value);
  }
  scheduled.result(at.lane, at.x, at.y, at.plane) = apply_epilogue(kernel, value, element);
  constrain_result(scheduled.result, kernel);
  schedule_elementwise(scheduled.result, at, kernel, target);
  return scheduled;
}

}  // namespace cnnc
