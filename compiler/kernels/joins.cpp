#include "kernels/joins.h"

#include <stdexcept>
#include <string_view>

#include "kernels/comparison.h"

namespace cnnc {

using Halide::Expr;

namespace {

// The bits of a float without its sign; above those of infinity it is not a number.
Expr magnitude_bits(const Expr& x) {
  return Halide::reinterpret<int>(x) & 0x7fffffff;
}

// 1 or 0; of what is not a number a comparison holds by none of these, which fast-math would not see.
Expr if_numbers(const Expr& a, const Expr& b, const Expr& holds) {
  return Halide::select(is_number(a) && is_number(b), holds, 0.0f);
}

Expr not_less(const Expr& a, const Expr& b) {
  return select_less(a, b, 0.0f, 1.0f);
}

Expr add(const Expr& a, const Expr& b) {
  return a + b;
}

// As it is written: of log_softmax's x - m - log s fast-math would make x - (m + log s), which loses what is
// small beside m.
Expr subtract(const Expr& a, const Expr& b) {
  return Halide::strict_float(a - b);
}

Expr multiply(const Expr& a, const Expr& b) {
  return a * b;
}

Expr divide(const Expr& a, const Expr& b) {
  return a / b;
}

Expr lesser(const Expr& a, const Expr& b) {
  return -max_or_nan(-a, -b);
}

Expr equal(const Expr& a, const Expr& b) {
  return if_numbers(a, b, not_less(a, b) * not_less(b, a));
}

Expr greater(const Expr& a, const Expr& b) {
  return select_less(b, a, 1.0f, 0.0f);
}

Expr greater_equal(const Expr& a, const Expr& b) {
  return if_numbers(a, b, not_less(a, b));
}

Expr less(const Expr& a, const Expr& b) {
  return greater(b, a);
}

Expr less_equal(const Expr& a, const Expr& b) {
  return greater_equal(b, a);
}

struct Join {
  std::string_view op;
  Expr (*of)(const Expr&, const Expr&);
};

// clang-format off
constexpr Join kJoins[] = {
    {"add", add},
    {"divide", divide},
    {"equal", equal},
    {"greater", greater},
    {"greater_equal", greater_equal},
    {"less", less},
    {"less_equal", less_equal},
    {"matmul", multiply},  // of a column and a row: no sum
    {"maximum", max_or_nan},
    {"minimum", lesser},
    {"multiply", multiply},
    {"subtract", subtract},
};
// clang-format on

}  // namespace

Expr joined(const std::string& op, const Expr& a, const Expr& b) {
  for (const Join& join : kJoins)
    if (join.op == op) return join.of(a, b);
  throw std::logic_error("no join: " + op);
}

Expr is_number(const Expr& x) {
  constexpr int kInfinity = 0x7f800000;
  return magnitude_bits(x) <= kInfinity;
}

// By their bits: of a choice between floats fast-math may take neither to be what is not a number.
Expr chosen_where(const Expr& holds, const Expr& a, const Expr& b) {
  return Halide::reinterpret<float>(
      Halide::select(holds, Halide::reinterpret<int>(a), Halide::reinterpret<int>(b)));
}

Expr chosen(const Expr& condition, const Expr& a, const Expr& b) {
  return chosen_where(magnitude_bits(condition) != 0, a, b);
}

}  // namespace cnnc
