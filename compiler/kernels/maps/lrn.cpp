#include <algorithm>
#include <cmath>

#include "kernels/elementary.h"
#include "kernels/families.h"
#include "kernels/tensors.h"
#include "schedules/tasks.h"

namespace cnnc {

using Halide::Expr;

namespace {

// s^n for a whole n >= 0.
Expr whole_power(const Expr& s, int n) {
  if (n == 0) return 1.0f;
  if (n == 1) return s;
  const Expr half = whole_power(s, n / 2);
  return n % 2 == 0 ? half * half : half * half * s;
}

// s^(-1/4) of a positive normal float, within 2 units in the last place: an estimate from the bits,
// within 3.2 %, and three of Newton's steps for y^-4 = s, each of which squares the relative error, times
// 5/2. Far faster than two square roots and a division.
Expr inverse_fourth_root(const Expr& s) {
  Expr y = Halide::reinterpret<float>(1331191520 - (Halide::reinterpret<int>(s) >> 2));
  for (int step = 0; step < 3; ++step) {
    const Expr square = y * y;
    y += y * (0.25f - 0.25f * (s * square * square));
  }
  return y;
}

// x / s^beta for s > 0: by roots where beta is a number of quarters, as in most papers.
Expr over_power(const Expr& x, const Expr& s, double beta) {
  const double quarters = beta * 4;
  if (quarters != std::floor(quarters)) return x * exp_of(log_of(s) * static_cast<float>(-beta));
  const int whole = static_cast<int>(quarters) / 4, rest = static_cast<int>(quarters) % 4;
  const Expr over_whole = whole > 0 ? x / whole_power(s, whole) : x;
  return rest > 0 ? over_whole * whole_power(inverse_fourth_root(s), rest) : over_whole;
}

// The squares of a pixel's channels in one row, so that the sums over neighbours are of whole vectors. Of
// more channels than fit on the stack each sum squares its own.
constexpr int64_t kMostChannels = 4096;

void schedule(Halide::Func squares, const Halide::Var& channel, Halide::Func sums, const Halide::RDom& r,
              Halide::Func result, const Coordinates& at, const Kernel& kernel, const Target& target) {
  const int lanes = static_cast<int>(kernel.output.block);
  if (lanes == 1) {
    const int width = largest_vector(target, kernel.output.width);
    Halide::Var xo("xo"), xi("xi");
    result.split(at.x, xo, xi, width, Halide::TailStrategy::ShiftInwards)
        .reorder(xi, at.lane, xo, at.plane, at.y)
        .vectorize(xi);
    sums.compute_at(result, xo).store_in(Halide::MemoryType::Register).bound_extent(at.x, width);
    sums.vectorize(at.x, width).update().reorder(at.x, r).vectorize(at.x, width);
    return;
  }
  result.reorder(at.lane, at.plane, at.x, at.y).vectorize(at.lane, lanes);
  sums.compute_at(result, at.plane).store_in(Halide::MemoryType::Register).vectorize(at.lane, lanes);
  sums.update().reorder(at.lane, r).vectorize(at.lane, lanes);
  if (kernel.output.channels <= kMostChannels)
    squares.compute_at(result, at.x).align_bounds(channel, lanes).vectorize(channel, lanes);
}

}  // namespace

ScheduledKernel lrn(const Kernel& kernel, const Target& target) {
  const Attributes& a = attributes_of(kernel);
  const int channels = static_cast<int>(kernel.output.channels),
            block = static_cast<int>(kernel.output.block);
  const int64_t size = integer(a, "size");
  const int first = -static_cast<int>(std::min<int64_t>(size / 2, channels - 1));
  const int last = static_cast<int>(std::min<int64_t>(size - 1 - size / 2, channels - 1));
  Halide::ImageParam input = input_parameter(kernel, 0);
  const Coordinates at;
  Halide::Var channel("channel");
  Halide::Func squares("squares"), sums("sums"), result("result");
  // Neither channels that do not exist nor lanes of padding count.
  const int planes = static_cast<int>(kernel.output.planes());
  const Expr x = input(channel % block, at.x, at.y, Halide::clamp(channel / block, 0, planes - 1), at.image);
  squares(channel, at.x, at.y, at.image) = Halide::select(channel >= 0 && channel < channels, x * x, 0.0f);
  Halide::RDom r(first, last - first + 1);
  sums(at.lane, at.x, at.y, at.plane, at.image) = 0.0f;
  sums(at.lane, at.x, at.y, at.plane, at.image) +=
      squares(at.plane * block + at.lane + r, at.x, at.y, at.image);
  const float scale = static_cast<float>(real(a, "alpha") / static_cast<double>(size));
  const Expr s = sums(at.lane, at.x, at.y, at.plane, at.image) * scale + static_cast<float>(real(a, "k"));
  result(at.lane, at.x, at.y, at.plane, at.image) =
      over_power(input(at.lane, at.x, at.y, at.plane, at.image), s, real(a, "beta"));
  constrain_result(result, kernel);
  schedule(squares, channel, sums, r, result, at, kernel, target);
  schedule_tasks(result, kernel, {at.y, at.image});
  if (last - first < 16) sums.update().unroll(r);
  return {result, {input}};
}

}  // namespace cnnc
