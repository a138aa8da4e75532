#include "kernels/elementary.h"

#include <initializer_list>

namespace cnnc {

namespace {

using Halide::Expr;

// Horner's rule, highest coefficient first.
Expr polynomial(Expr x, std::initializer_list<float> coefficients) {
  Expr sum;
  for (const float c : coefficients) sum = sum.defined() ? sum * x + c : Expr(c);
  return sum;
}

}  // namespace

// Cody & Waite 1980, chapter 6: e^x = 2^n e^r with n = round(x / ln 2), |r| <= ln 2 / 2. ln 2 is split so
// that x - n ln 2 loses nothing; strict_float keeps fast-math from joining the parts. Polynomial: Cephes
// expf.
Expr exp_of(Expr argument) {
  const Expr x = Halide::clamp(argument, -87.3f, 88.3f);
  const Expr n = Halide::floor(x * 1.44269504f + 0.5f);
  const Expr r = Halide::strict_float(Halide::strict_float(x - n * 0.693359375f) - n * -2.12194440e-4f);
  const Expr p = polynomial(r, {1.9875691500e-4f, 1.3981999507e-3f, 8.3334519073e-3f, 4.1665795894e-2f,
                                1.6666665459e-1f, 5.0000001201e-1f});
  const Expr power = Halide::reinterpret<float>((Halide::cast<int>(n) + 127) << 23);
  return Halide::select(argument < -87.3f, 0.0f, (p * r * r + r + 1.0f) * power);
}

// Near 0 an odd polynomial (Cephes tanhf), beyond it 1 - 2 / (e^2|x| + 1).
Expr tanh_of(Expr x) {
  const Expr size = Halide::min(Halide::abs(x), 10.0f);
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
