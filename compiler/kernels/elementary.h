// Elementary functions as Halide expressions that vectorise; written out because a generated library may call
// nothing. Relative errors are against the exact function of the float argument;
// tests/unit/kernels/kernels_test.cpp measures them. All give NaN for NaN.
#pragma once
#include <Halide.h>

namespace cnnc {

// e^x, within 2 units in the last place; 0 below -87.3, e^88.3 above 88.3.
Halide::Expr exp_of(Halide::Expr x);

// e^x of any x, within 2 units in the last place; infinite where it is beyond the greatest float.
Halide::Expr any_exp_of(Halide::Expr x);

// e^x - 1, within 3 units in the last place below 88.3.
Halide::Expr expm1_of(Halide::Expr x);

// log x of a positive normal number, within 3 units in the last place.
Halide::Expr log_of(Halide::Expr x);

// log x of any x, within 3 units in the last place; -infinity of 0, NaN of what is less.
Halide::Expr any_log_of(Halide::Expr x);

// log(1 + x) for 0 <= x <= 1, within 3 units in the last place.
Halide::Expr log1p_of(Halide::Expr x);

// The error function, within 8 units in the last place where |x| is at least 1e-36, and ±1 from ±3.92 on.
Halide::Expr erf_of(Halide::Expr x);

// Within 3 units in the last place.
Halide::Expr tanh_of(Halide::Expr x);

// 1 / (1 + e^-x), within 4 units in the last place where the result is at least 1e-37.
Halide::Expr sigmoid_of(Halide::Expr x);

// The sine and the cosine (trigonometry.cpp): within 3 units in the last place where |x| is at most 10^6,
// beyond that off by |x| / 2^52 more; numbers between -1 and 1 even where that says nothing. NaN of
// infinities.
Halide::Expr sin_of(Halide::Expr x);
Halide::Expr cos_of(Halide::Expr x);

}  // namespace cnnc
