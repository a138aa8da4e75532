#include "kernels/families.h"
#include "kernels/tensors.h"
#include "schedules/tasks.h"

namespace cnnc {

using Halide::Expr;

ScheduledKernel copy(const Kernel& kernel, const Target& target) {
  const Layout &from = kernel.inputs[0], &to = kernel.output;
  Halide::ImageParam input = input_parameter(kernel, 0);
  const Coordinates at;
  Halide::Func result("result");
  const int from_block = static_cast<int>(from.block), to_block = static_cast<int>(to.block);
  const Expr channel = at.plane * to_block + at.lane;
  const int channels = static_cast<int>(to.channels);
  const Expr in_range = Halide::min(channel, channels - 1);  // lanes of padding read the last channel
  const Expr value = from_block == to_block
                         ? input(at.lane, at.x, at.y, at.plane, at.image)
                         : input(in_range % from_block, at.x, at.y, in_range / from_block, at.image);
  const bool padding = channels % to_block != 0;
  result(at.lane, at.x, at.y, at.plane, at.image) =
      padding ? Halide::select(channel < channels, value, Halide::cast(value.type(), 0)) : value;
  constrain_result(result, kernel);

  // Planar results along the rows, blocked ones along the channels of a block.
  if (to_block == 1)
    result.reorder(at.x, at.lane, at.y, at.plane, at.image)
        .vectorize(at.x, largest_vector(target, to.width), Halide::TailStrategy::ShiftInwards);
  else
    result.vectorize(at.lane, largest_vector(target, to_block), Halide::TailStrategy::ShiftInwards);
  schedule_tasks(result, kernel, {at.y, at.plane, at.image});
  return {result, {input}};
}

}  // namespace cnnc
