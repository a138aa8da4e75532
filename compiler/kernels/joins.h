// Operators on an element of each of several tensors, as expressions.
#pragma once
#include <Halide.h>

#include <string>

namespace cnnc {

// a op b: "add", "maximum", "less" and so on; a comparison is 1 or 0. Throws std::logic_error for another
// operator.
Halide::Expr joined(const std::string& op, const Halide::Expr& a, const Halide::Expr& b);

// a where the condition is not 0, else b.
Halide::Expr chosen(const Halide::Expr& condition, const Halide::Expr& a, const Halide::Expr& b);

}  // namespace cnnc
