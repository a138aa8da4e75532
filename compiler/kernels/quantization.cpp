#include "kernels/quantization.h"

#include "kernels/comparison.h"
#include "ops/quantized/quantized.h"
#include "schedules/tasks.h"

namespace cnnc {

using Halide::Expr;

namespace {

int zero_point_of(const Attributes& attributes) {
  return static_cast<int>(integer(attributes, "zero_point"));
}

// x, or the limit that it is beyond of; `low` for NaN.
Expr clamped(const Expr& x, float low, float high) {
  const Expr at_least_low = select_less(low, x, x, low);
  return select_less(at_least_low, high, at_least_low, high);
}

}  // namespace

Expr dequantized(const Attributes& attributes, const Expr& q) {
  const Expr distance = Halide::cast<int>(q) - zero_point_of(attributes);
  return Halide::strict_float(Halide::cast<float>(distance) *
                              static_cast<float>(float_of(attributes, "scale")));
}

// Clamped to whole numbers before it is rounded to one, which gives the same.
Expr quantized(const Attributes& attributes, const Expr& x) {
  const int zero_point = zero_point_of(attributes);
  const auto inverse = static_cast<float>(reciprocal_of_scale(attributes));
  const Expr scaled = inverse == 1 ? x : Halide::strict_float(x * inverse);
  const Expr limited = clamped(scaled, static_cast<float>(-zero_point), static_cast<float>(255 - zero_point));
  const Expr bits = Halide::reinterpret<int>(Halide::strict_float(limited + kRoundsFloat));
  return Halide::cast<uint8_t>((zero_point == 0 ? bits : bits + zero_point) & 255);
}

// Whole numbers of 8 bits wrap, so the difference is right as a signed one.
Expr for_dot_product(const Expr& byte, const Target& target) {
  const int begin = bytes_begin_at(target);
  return begin == 0 ? byte : Halide::cast<int8_t>(byte - Halide::cast<uint8_t>(begin));
}

void schedule_bytes(Halide::Func result, const Coordinates& at, const Kernel& kernel) {
  constexpr int kPixels = 4;
  const Halide::Var inside("inside");
  if (kernel.output.width >= kPixels)
    result.split(at.x, at.x, inside, kPixels, Halide::TailStrategy::ShiftInwards)
        .reorder(at.lane, inside, at.x, at.y, at.plane, at.image)
        .unroll(inside);
  result.vectorize(at.lane, static_cast<int>(kernel.output.block));
  schedule_tasks(result, kernel, {at.y, at.plane, at.image});
}

}  // namespace cnnc
