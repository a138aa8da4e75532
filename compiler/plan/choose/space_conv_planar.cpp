// The direct convolution on planar maps: vectors of `lanes` pixels, `rows` of them times as many channels as
// the weights are packed for; `unroll` 1: all taps of a filter row in one iteration.
#include <algorithm>
#include <cmath>

#include "plan/choose/space.h"
#include "plan/tilings.h"

namespace cnnc {

namespace {

std::vector<Number> numbers(const Kernel& kernel, const Target& target) {
  const int64_t accumulators = target.registers - target.registers / 4;
  const int64_t rows = std::max<int64_t>(1, accumulators / conv_of(kernel).planar_tile);
  return {{"lanes", {largest_vector(target, kernel.output.width)}},
          {"rows", values_up_to(std::min(kernel.output.height, rows))},
          {"unroll", {0, 1}}};
}

// Of the tiles that fit the one whose last rows are computed twice least often, of these the largest.
double cost(const Kernel& kernel, const Target& target) {
  const auto [lanes, rows, unrolled] = planar_tiling(kernel.schedule);
  const int64_t height = kernel.output.height, most = target.registers - target.registers / 4;
  if (rows < 1 || rows > height || lanes != largest_vector(target, kernel.output.width)) return INFINITY;
  if (rows > 1 && rows * conv_of(kernel).planar_tile > most) return INFINITY;
  if (kernel.tasks > 1 && height % rows != 0) return INFINITY;  // tasks must not overlap
  const double computed = static_cast<double>((height + rows - 1) / rows * rows);
  const bool unroll = conv_of(kernel).window.width.filter <= 8;
  const double other = unrolled == unroll ? 0 : 0.25;
  return computed - 1e-3 * static_cast<double>(rows) + other;
}

}  // namespace

const Space conv_planar_space = {numbers, cost};

}  // namespace cnnc
