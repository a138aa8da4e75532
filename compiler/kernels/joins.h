// Operators on an element of each of several tensors, as expressions.
#pragma once
#include <Halide.h>

#include <string>

namespace cnnc {

// a op b: "add", "maximum", "less" and so on; a comparison is 1 or 0. Throws std::logic_error for another
// operator.
Halide::Expr joined(const std::string& op, const Halide::Expr& a, const Halide::Expr& b);

// False of NaN, which a comparison of floats would not see under fast-math.
Halide::Expr is_number(const Halide::Expr& x);

// a where a condition of bools holds, else b, each of which may be NaN.
Halide::Expr chosen_where(const Halide::Expr& holds, const Halide::Expr& a, const Halide::Expr& b);

// The same where the condition is a float that is not 0.
Halide::Expr chosen(const Halide::Expr& condition, const Halide::Expr& a, const Halide::Expr& b);

}  // namespace cnnc
