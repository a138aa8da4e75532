#include "kernels/families.h"
#include "kernels/tensors.h"
#include "schedules/tasks.h"

namespace cnnc {

using Halide::Expr;

namespace {

// The element of [0, size) that stands at place i of the padded axis. `likely` tells Halide which part of the
// loop has no borders.
Expr mirrored(const Expr& i, int size) {
  return Halide::select(i < 0, -i, i >= size, 2 * (size - 1) - i, Halide::likely(i));
}
Expr repeated(const Expr& i, int size) {
  return Halide::clamp(Halide::likely(i), 0, size - 1);
}

}  // namespace

ScheduledKernel pad(const Kernel& kernel, const Target& target) {
  const Layout &from = kernel.inputs[0], &to = kernel.output;
  const Attributes& attributes = attributes_of(kernel);
  const auto& padding = sizes(attributes, "padding");
  const std::string& mode = word(attributes, "mode");
  const int height = static_cast<int>(from.height), width = static_cast<int>(from.width);
  Halide::ImageParam input = input_parameter(kernel, 0);
  const Coordinates at;
  const Expr x = at.x - static_cast<int>(padding[2]), y = at.y - static_cast<int>(padding[0]);
  Halide::Func result("result");
  Expr value;
  if (mode == "constant") {
    const Expr constant = static_cast<float>(real(attributes, "value"));
    const Halide::Func bounded = Halide::BoundaryConditions::constant_exterior(
        input, constant, {{Expr(), Expr()}, {0, width}, {0, height}, {Expr(), Expr()}, {Expr(), Expr()}});
    value = bounded(at.lane, x, y, at.plane, at.image);
  } else {
    const auto source = mode == "reflect" ? mirrored : repeated;
    // The clamp changes nothing; it tells Halide that no element outside is read.
    value = input(at.lane, Halide::clamp(source(x, width), 0, width - 1),
                  Halide::clamp(source(y, height), 0, height - 1), at.plane, at.image);
  }
  result(at.lane, at.x, at.y, at.plane, at.image) = value;
  constrain_result(result, kernel);
  if (to.block > 1)
    result.vectorize(at.lane, static_cast<int>(to.block));
  else
    result.reorder(at.x, at.lane, at.y, at.plane)
        .vectorize(at.x, largest_vector(target, to.width), Halide::TailStrategy::ShiftInwards);
  schedule_tasks(result, kernel, {at.y, at.plane, at.image});
  return {result, {input}};
}

}  // namespace cnnc
