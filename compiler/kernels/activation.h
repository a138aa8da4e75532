// Elementwise operators as expressions: of kernels of their own and of epilogues.
#pragma once
#include <Halide.h>

#include <functional>
#include <string>
#include <string_view>

#include "plan/kernel.h"

namespace cnnc {

// Whether it is an operator on each element of one tensor, without parameters.
bool is_activation(std::string_view op);

// op(x). Throws std::logic_error for an operator that is no activation.
Halide::Expr activate(const std::string& op, const Attributes& attributes, Halide::Expr x);

// The kernel's epilogue applied to x; operand(i) is the element of input number i at the same place. A float
// or, of an epilogue that ends in `quantize`, a byte.
Halide::Expr apply_epilogue(const Kernel& kernel, Halide::Expr x,
                            const std::function<Halide::Expr(int)>& operand);

// The same with each operation on floats in x, too, as it is written (kernels/quantization.h).
Halide::Expr apply_strictly(const Kernel& kernel, const Halide::Expr& x,
                            const std::function<Halide::Expr(int)>& operand);

}  // namespace cnnc
