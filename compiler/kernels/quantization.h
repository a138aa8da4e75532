// Bytes as floats, and floats as bytes (ops/quantized/). Each operation on floats here is one of IEEE's,
// rounded to the nearest and never joined with another, so that all targets give the same bits.
#pragma once
#include <Halide.h>

#include "graph/attributes.h"
#include "kernels/tensors.h"
#include "plan/kernel.h"
#include "target/target.h"

namespace cnnc {

// 1.5 * 2^23: behind the point of a sum of it with a number between -2^22 and 2^22 there is no bit, so the
// sum is rounded to a whole number, to even from the middle, which is then in its lowest bits.
constexpr float kRoundsFloat = 12582912.0f;

// The real number that the byte `q` of a tensor with this `scale` and `zero_point` stands for: a float.
Halide::Expr dequantized(const Attributes& attributes, const Halide::Expr& q);

// The byte that stands for x, ties to even; beyond the range the nearest one, for NaN 0.
Halide::Expr quantized(const Attributes& attributes, const Halide::Expr& x);

// A byte as a dot product of the target takes it, a signed one where that multiplies no others: it is then
// less than the byte by bytes_begin_at(target).
Halide::Expr for_dot_product(const Halide::Expr& byte, const Target& target);

// A result in blocks of channels, of which each element is made alone: a few pixels at a time, whose bytes
// are stored at once (emit/kernels/pack_bytes.h).
void schedule_bytes(Halide::Func result, const Coordinates& at, const Kernel& kernel);

}  // namespace cnnc
