#include "kernels/comparison.h"
#include "kernels/elementary.h"

namespace cnnc {

namespace {

using Halide::Expr;

// pi as a sum (Cody & Waite 1980, chapter 8): the first has 33 bits, so that its products with whole numbers
// and halves below 2^19 are exact in double.
constexpr double kPiHigh = 3.1415926534682512, kPiLow = 1.2154201013012384e-10;

// sin r for |r| <= pi / 2: an odd polynomial that is near minimax, to 9e-9 of the result (least squares of
// (sin r / r - 1) / r^2 on Chebyshev's places, reweighted by Lawson's method).
Expr sine_of_rest(Expr r) {
  const Expr square = r * r;
  const Expr p =
      ((2.60575075e-6f * square - 1.98095906e-4f) * square + 8.33306648e-3f) * square - 1.66666597e-1f;
  return r + r * square * p;
}

// (-1)^m sin r for x = (m + shift) pi + r with a whole m and |r| <= pi / 2. What is left of x is small where
// x is large, so it is computed in double; strict_float keeps the parts of pi from being joined. The rest of
// what is so large that it has none is some number, which the clamp keeps where the polynomial is a sine.
Expr sine_by_half_turns(Expr argument, double shift) {
  const Expr x = Halide::cast<double>(argument), half(0.5);
  const Expr m = Halide::floor(x * Expr(1 / 3.14159265358979324) + Expr(0.5 - shift));
  const Expr turns = m + Expr(shift);
  const Expr r = Halide::strict_float(Halide::strict_float(x - turns * Expr(kPiHigh)) - turns * Expr(kPiLow));
  const Expr is_odd = Halide::cast<float>(m * half - Halide::floor(m * half));  // 0 or 1/2
  return (1.0f - 4.0f * is_odd) * sine_of_rest(clamp_of(Halide::cast<float>(r), -1.57079637f, 1.57079637f));
}

}  // namespace

Expr sin_of(Expr x) {
  return sine_by_half_turns(x, 0);
}

// With x = (m + 1/2) pi + r it is -(-1)^m sin r.
Expr cos_of(Expr x) {
  return -sine_by_half_turns(x, 0.5);
}

}  // namespace cnnc
