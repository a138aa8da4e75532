#include "plan/choose_winograd.h"

namespace cnnc {

namespace {

// The transformed band of the input is on the stack of the calling thread; docs/library.md states the total.
constexpr int64_t kMostStack = 96 << 10;  // bytes

// Bands lie at equal distances, so that a tail overlaps instead of being a case of its own: the fewest that
// cover the height, or 0 if only single rows would fit.
int64_t bands_of(int64_t height, int64_t outputs) {
  if (height == outputs) return 1;
  for (int64_t distance = outputs; distance > 1; --distance)
    if ((height - outputs) % distance == 0) return (height - outputs) / distance + 1;
  return 0;
}

// Cycles that a core needs, at 16 multiply-adds each (without FMA instructions 4). Weights that do not stay
// in the second-level cache are read anew for every pass over them, measured at 8 bytes a cycle.
double estimated_cycles(double multiply_adds, double weights_bytes, int64_t passes, const Target& target) {
  constexpr double kCacheBytes = 1 << 20, kBytesPerCycle = 8;
  const double read =
      weights_bytes > kCacheBytes ? weights_bytes * static_cast<double>(passes) / kBytesPerCycle : 0;
  return multiply_adds / (target.isa == Isa::sse41 ? 4 : 16) + read;
}

bool is_plain(const WindowAxis& axis) {
  return axis.stride == 1 && axis.dilation == 1;
}

}  // namespace

WinogradChoice choose_winograd(const Window& w, const Layout& input, const Shape& result,
                               const Target& target) {
  const int64_t r = w.height.filter;
  if (!is_plain(w.height) || !is_plain(w.width) || (r != 3 && r != 5)) return {};
  // Multiply-adds for one row of filter or points and of the result, and weights for it.
  const double weights = static_cast<double>(input.channels * result.channels() * w.width.filter);
  const double multiply_adds = weights * static_cast<double>(result.width());
  const auto cycles = [&](int64_t rows, int64_t weight_rows, int64_t passes) {
    return estimated_cycles(multiply_adds * static_cast<double>(rows),
                            weights * static_cast<double>(weight_rows) * sizeof(float), passes, target);
  };
  WinogradChoice best;
  constexpr double kWorthIt = 0.85;  // untuned: the transforms' own time is not in the estimate
  double least = kWorthIt * cycles(r * result.height(), r, 1);
  for (const int64_t m : {2, 4}) {
    const int64_t points = m + r - 1, bands = m > result.height() ? 0 : bands_of(result.height(), m);
    const int64_t stack = points * (result.width() + w.width.filter - 1) * input.planes() * input.block *
                          static_cast<int64_t>(sizeof(float));
    const bool fits = stack <= kMostStack && weights * static_cast<double>(points) < INT32_MAX / 2;
    if (bands == 0 || !fits || cycles(bands * points, points, bands) > least) continue;
    least = cycles(bands * points, points, bands);
    best = {m, bands};
  }
  return best;
}

}  // namespace cnnc
