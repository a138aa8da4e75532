#include "kernels/activation.h"

#include <stdexcept>

#include "kernels/elementary.h"

namespace cnnc {

Halide::Expr activate(const std::string& op, const Attributes&, Halide::Expr x) {
  if (op == "relu") return Halide::max(x, 0.0f);
  if (op == "tanh") return tanh_of(x);
  if (op == "sigmoid") return sigmoid_of(x);
  throw std::logic_error("no activation: " + op);
}

Halide::Expr apply_epilogue(const Kernel& kernel, Halide::Expr x,
                            const std::function<Halide::Expr(int)>& operand) {
  for (const EpilogueStep& step : kernel.epilogue)
    x = step.op == "add" ? x + operand(step.operand) : activate(step.op, step.attributes, x);
  return x;
}

}  // namespace cnnc
