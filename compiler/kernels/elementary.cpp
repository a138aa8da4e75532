#include "kernels/elementary.h"

#include <cfloat>
#include <cmath>
#include <initializer_list>
#include <limits>

#include "kernels/comparison.h"

namespace cnnc {

namespace {

using Halide::Expr;

// Horner's rule, highest coefficient first.
Expr polynomial(Expr x, std::initializer_list<float> coefficients) {
  Expr sum;
  for (const float c : coefficients) sum = sum.defined() ? sum * x + c : Expr(c);
  return sum;
}

// e^x = 2^n (1 + fraction), n a whole number.
struct Exponential {
  Expr fraction, n;
};

// Cody & Waite 1980, chapter 6: e^x = 2^n e^r with n = round(x / ln 2), |r| <= ln 2 / 2. ln 2 is split so
// that x - n ln 2 loses nothing; strict_float keeps fast-math from joining the parts. Polynomial: Cephes
// expf.
Exponential exponential(Expr argument, float least, float greatest) {
  const Expr x = clamp_of(argument, least, greatest);
  const Expr n = Halide::floor(x * 1.44269504f + 0.5f);
  const Expr r = Halide::strict_float(Halide::strict_float(x - n * 0.693359375f) - n * -2.12194440e-4f);
  const Expr p = polynomial(r, {1.9875691500e-4f, 1.3981999507e-3f, 8.3334519073e-3f, 4.1665795894e-2f,
                                1.6666665459e-1f, 5.0000001201e-1f});
  return {p * r * r + r, Halide::cast<int>(n)};
}

// Of n from -127, which gives 0, to 128, which gives infinity.
Expr power_of_two(Expr n) {
  return Halide::reinterpret<float>((n + 127) << 23);
}

// x = 2^n m with m between sqrt(1/2) and sqrt 2, whose bits begin with 0x3f3504f3; of positive normal
// numbers.
struct Scientific {
  Expr m, n;
};

Scientific scientific(Expr x) {
  const Expr bits = Halide::reinterpret<int>(x);
  const Expr n = (bits - 0x3f3504f3) >> 23;
  return {Halide::reinterpret<float>(bits - (n << 23)), n};
}

// log((1 + s) / (1 - s)) = 2 atanh s = 2 s + 2 s^3 (1/3 + s^2/5 + ...) for |s| <= 1/3: the series of fdlibm's
// log, with a polynomial that is near minimax for s^2 up to 1/9, to 4e-10 of the result (mpmath:
// chebyfit(lambda u: (atanh(sqrt(u)) / sqrt(u) - 1) / u, [0, 1/9], 5)).
Expr log_of_ratio(Expr s) {
  const Expr square = s * s;
  const Expr p =
      polynomial(square, {1.161216461e-1f, 1.08532879e-1f, 1.4296179e-1f, 1.999985317e-1f, 3.333333366e-1f});
  return 2.0f * s + 2.0f * s * square * p;
}

}  // namespace

Expr exp_of(Expr x) {
  const Exponential e = exponential(x, -87.3f, 88.3f);
  return select_less(x, -87.3f, 0.0f, (e.fraction + 1.0f) * power_of_two(e.n));
}

// 2^n may be out of the range of float where the result is not, so it is two factors. strict_float keeps them
// from being multiplied first.
Expr any_exp_of(Expr x) {
  const Exponential e = exponential(x, -104.0f, 89.0f);
  const Expr half = e.n >> 1;
  return Halide::strict_float((e.fraction + 1.0f) * power_of_two(half) * power_of_two(e.n - half));
}

// Near 0, where the power is 1, it is the fraction. strict_float keeps that from being added to 1 first.
Expr expm1_of(Expr x) {
  const Exponential e = exponential(x, -87.3f, 88.3f);
  const Expr power = power_of_two(e.n);
  return Halide::strict_float(e.fraction * power + (power - 1.0f));
}

// The bits of a NaN would give a number.
Expr log_of(Expr x) {
  const Scientific y = scientific(x);
  return select_less(0.0f, x,
                     Halide::cast<float>(y.n) * 0.693147181f + log_of_ratio((y.m - 1.0f) / (y.m + 1.0f)), x);
}

// Of what is no positive number the ratio is made so that it and what is made of it are right: -1 / 0 of 0,
// 0 / 0 of what is less, x / 2 of infinity. Numbers below the normal ones are multiplied by 2^24 first.
Expr any_log_of(Expr x) {
  constexpr float kInfinite = std::numeric_limits<float>::infinity();
  const Scientific y = scientific(select_less(x, FLT_MIN, x * 0x1p24f, x));
  const Expr n = Halide::cast<float>(y.n) - select_less(x, FLT_MIN, 24.0f, 0.0f);
  const Expr above =
      select_less(0.0f, x, select_less(x, kInfinite, y.m - 1.0f, x), select_less(x, 0.0f, 0.0f, x - 1.0f));
  const Expr below = select_less(0.0f, x, y.m + 1.0f, 0.0f);
  return n * 0.693147181f + log_of_ratio(Halide::strict_float(above / below));
}

Expr log1p_of(Expr x) {
  return log_of_ratio(x / (x + 2.0f));
}

// An odd rational function up to 3.92, from where on the result is 1 (Eigen's generic_fast_erf_float).
Expr erf_of(Expr argument) {
  const Expr x = clamp_of(argument, -3.92f, 3.92f), square = x * x;
  const Expr p = polynomial(
      square, {-2.72614225801306e-10f, 2.77068142495902e-08f, -2.10102402082508e-06f, -5.69250639462346e-05f,
               -7.34990630326855e-04f, -2.95459980854025e-03f, -1.60960333262415e-02f});
  const Expr q = polynomial(square, {-1.45660718464996e-05f, -2.13374055278905e-04f, -1.68282697438203e-03f,
                                     -7.37332916720468e-03f, -1.42647390514189e-02f});
  const Expr sign = Halide::select(argument < 0.0f, -1.0f, 1.0f);
  return select_less(std::nextafter(3.92f, 0.0f), Halide::abs(argument), sign, x * p / q);
}

// Near 0 an odd polynomial (Cephes tanhf), beyond it 1 - 2 / (e^2|x| + 1).
Expr tanh_of(Expr x) {
  const Expr size = at_most(Halide::abs(x), 10.0f);
  const Expr square = x * x;
  const Expr near = polynomial(square, {-5.70498872745e-3f, 2.06390887954e-2f, -5.37397155531e-2f,
                                        1.33314422036e-1f, -3.33332819422e-1f}) *
                        square * x +
                    x;
  const Expr far = 1.0f - 2.0f / (exp_of(2.0f * size) + 1.0f);
  return Halide::select(size < 0.625f, near, Halide::select(x < 0.0f, -far, far));
}

Expr sigmoid_of(Expr x) {
  return 1.0f / (1.0f + exp_of(-x));
}

}  // namespace cnnc
