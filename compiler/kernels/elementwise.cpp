#include <algorithm>

#include "kernels/activation.h"
#include "kernels/families.h"
#include "kernels/tensors.h"
#include "schedules/tasks.h"

namespace cnnc {

using Halide::Expr;

namespace {

// Vectors along the channels of a block or, of planar maps, along the width; what is left over element by
// element.
void schedule_elementwise(Halide::Func result, const Coordinates& at, const Kernel& kernel,
                          const Target& target) {
  const Halide::Var along = kernel.output.block > 1 ? at.lane : at.x;
  const int lanes = largest_vector(target, kernel.output.innermost());
  if (along.same_as(at.x)) result.reorder(at.x, at.lane, at.y, at.plane);
  result.vectorize(along, lanes, Halide::TailStrategy::ShiftInwards);
  schedule_tasks(result, kernel, {at.y, at.plane, at.image});
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
  const auto element = [&](int i) -> Expr {
    return is_vector ? inputs[i](at.plane * block + at.lane, at.image)
                     : inputs[i](at.lane, at.x, at.y, at.plane, at.image);
  };
  ScheduledKernel scheduled{Halide::Func("result"), {inputs.begin(), inputs.end()}};
  Expr value = element(0);
  if (kernel.family == "add") {
    for (size_t i = 1; i < kernel.inputs.size(); ++i) value += element(static_cast<int>(i));
  } else if (kernel.family == "batchnorm") {
    Halide::ImageParam scale = constant_parameter("scale", {block, kernel.output.planes()});
    Halide::ImageParam shift = constant_parameter("shift", {block, kernel.output.planes()});
    scheduled.arguments.push_back(scale);
    scheduled.arguments.push_back(shift);
    value = value * scale(at.lane, at.plane) + shift(at.lane, at.plane);
  } else {
    value = activate(kernel.family, kernel.attributes, value);
  }
  scheduled.result(at.lane, at.x, at.y, at.plane, at.image) = apply_epilogue(kernel, value, element);
  constrain_result(scheduled.result, kernel);
  schedule_elementwise(scheduled.result, at, kernel, target);
  return scheduled;
}

}  // namespace cnnc
