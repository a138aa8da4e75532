// bfloat16 in kernels: stored as words of 16 bits, the upper halves of floats.
#pragma once
#include <Halide.h>

#include "kernels/joins.h"

namespace cnnc {

// The float that a stored number is.
inline Halide::Expr float_of_bfloat16(const Halide::Expr& stored) {
  return Halide::reinterpret<float>(Halide::cast<uint32_t>(stored) << 16);
}

// The stored number that is nearest to a float, to even from the middle; NaN stays NaN.
inline Halide::Expr bfloat16_of(const Halide::Expr& x) {
  constexpr uint16_t kNaN = 0x7fc0;
  const Halide::Expr bits = Halide::reinterpret<uint32_t>(x);
  const Halide::Expr rounded = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
  return Halide::select(is_number(x), Halide::cast<uint16_t>(rounded), Halide::cast<uint16_t>(kNaN));
}

}  // namespace cnnc
