#include "kernels/prologue.h"

#include "kernels/activation.h"

namespace cnnc {

Halide::Expr Prologue::operator()(const Kernel& kernel, const Halide::Expr& element,
                                  const Coordinates& at) const {
  if (!exists) return element;
  Halide::Expr value = element * scale(at.lane, at.plane) + shift(at.lane, at.plane);
  for (const EpilogueStep& step : find_prologue(kernel)->activations)
    value = activate(step.op, step.attributes, value);
  return value;
}

void Prologue::add_to(std::vector<Halide::Argument>& arguments) const {
  if (!exists) return;
  arguments.push_back(scale);
  arguments.push_back(shift);
}

Prologue prologue_of(const Kernel& kernel) {
  const Layout& input = kernel.inputs[0];
  return {constant_parameter("scale", {input.block, input.planes()}),
          constant_parameter("shift", {input.block, input.planes()}), find_prologue(kernel) != nullptr};
}

}  // namespace cnnc
