#include "plan/choose/pairs.h"

#include <algorithm>
#include <cmath>

#include "plan/choose/space.h"

namespace cnnc {

namespace {

// Cycles for a pixel and an input channel or a pair of them, of so many vectors of outputs: two multiply-adds
// and two loads a cycle, each multiply-add 5 cycles until the next one of the same sum, and what a load costs
// although another unit does it; as conv_blocked is estimated (plan/choose/space_conv_blocked.cpp).
double cycles_of_tile(int64_t pixels, int64_t vectors) {
  const double products = static_cast<double>(pixels * vectors),
               loads = static_cast<double>(pixels + vectors);
  return (std::max({products / 2, loads / 2, 5.0}) + 0.06 * loads) / static_cast<double>(pixels);
}

// The same in a row of so many pixels, whose last tile overlaps its neighbour.
double cycles_of_row(int64_t width, int64_t tile, int64_t vectors) {
  const double computed = static_cast<double>((width + tile - 1) / tile * tile) / static_cast<double>(width);
  return computed * cycles_of_tile(tile, vectors);
}

int64_t most_pixels(int64_t vectors, const Target& target) {
  return (target.registers - vectors - 1) / vectors;
}

// Pixels of a row that are best computed together.
int64_t best_tile(const Layout& result, const Target& target) {
  const int64_t halves = pairs_halves(result), most = std::min(result.width, most_pixels(halves, target));
  int64_t best = std::max<int64_t>(most, 0);
  for (int64_t tile = most; tile > 0; --tile)
    if (cycles_of_row(result.width, tile, halves) < cycles_of_row(result.width, best, halves)) best = tile;
  return best;
}

// The schedules: a register tile of `x` pixels.
std::vector<Number> numbers(const Kernel& kernel, const Target& target) {
  return {
      {"x", values_up_to(std::min(kernel.output.width, most_pixels(pairs_halves(kernel.output), target)))}};
}

double cost(const Kernel& kernel, const Target& target) {
  const int64_t x = number(kernel.schedule, "x"), halves = pairs_halves(kernel.output);
  if (x < 1 || x > std::min(kernel.output.width, most_pixels(halves, target))) return INFINITY;
  return cycles_of_row(kernel.output.width, x, halves);
}

}  // namespace

const Space conv_pairs_space = {numbers, cost};

int64_t pairs_halves(const Layout& result) {
  return (2 * result.channels + result.block - 1) / result.block;
}

double gain_of_pairs(const Layout& input, const Layout& result, int64_t taps, const Target& target) {
  if (!target.broadcasts_pairs || input.block != target.lanes || result.block != target.lanes) return 0;
  const int64_t halves = pairs_halves(result), tile = best_tile(result, target);
  if (tile < 1) return 0;
  const auto channels = static_cast<double>(input.channels * taps);
  const double weights = channels * static_cast<double>(halves * result.block / 2) * sizeof(float);
  // All weights are read for each tile; adding up the pairs of a vector.
  constexpr double kFarLoad = 1.6, kOfSum = 0.1;  // cycles
  const double far = weights > target.memory.first_level
                         ? kFarLoad * static_cast<double>(halves) / static_cast<double>(tile)
                         : 0;
  const double here = channels / 2 * std::max(far, cycles_of_row(result.width, tile, halves)) +
                      kOfSum * static_cast<double>(halves);
  double blocked = INFINITY;  // its tiles may be of several rows
  for (int64_t vectors = 1; vectors <= std::min<int64_t>(result.planes(), 4); ++vectors) {
    const int64_t pixels = std::min(result.width * result.height, most_pixels(vectors, target));
    const double tiles = std::ceil(static_cast<double>(result.planes()) / static_cast<double>(vectors));
    if (pixels > 0) blocked = std::min(blocked, channels * tiles * cycles_of_tile(pixels, vectors));
  }
  return blocked / here;
}

}  // namespace cnnc
