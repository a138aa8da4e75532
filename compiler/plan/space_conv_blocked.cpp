// The direct convolution on blocks of channels: a register tile of `x` pixels of `y` rows times `blocks`
// vectors of output channels. `blocks_innermost` is the order of the tile's products within an iteration: 1
// keeps one input element and all weights in registers, 0 (pixels innermost) one vector of weights.
#include <algorithm>
#include <cmath>

#include "plan/space.h"

namespace cnnc {

namespace {

int64_t accumulators(const Target& target) {
  return target.registers - (target.registers >= 32 ? 4 : 3);
}

// What the tails cost: the last tile of an axis overlaps its neighbour, so part of it is computed twice.
double computed_share(int64_t size, int64_t tile) {
  return static_cast<double>((size + tile - 1) / tile * tile) / static_cast<double>(size);
}

int64_t blocks_of_group(const Kernel& kernel) {
  return kernel.output.planes() / integer(kernel.attributes, "groups");
}

std::vector<Number> numbers(const Kernel& kernel, const Target& target) {
  return {{"blocks", values_up_to(std::min<int64_t>(blocks_of_group(kernel), 4))},
          {"y", values_up_to(std::min<int64_t>(kernel.output.height, 4))},
          {"x", values_up_to(std::min(kernel.output.width, accumulators(target)))},
          {"blocks_innermost", {0, 1}}};
}

// Whether a tile stays in its group, and those of different tasks do not overlap.
bool divides(int64_t x, int64_t y, int64_t tile_blocks, const Kernel& kernel) {
  const int64_t blocks = blocks_of_group(kernel);
  if (x < 1 || y < 1 || tile_blocks < 1) return false;
  if (x > kernel.output.width || y > kernel.output.height || tile_blocks > blocks) return false;
  if ((integer(kernel.attributes, "groups") > 1 || kernel.tasks > 1) && blocks % tile_blocks != 0)
    return false;
  return kernel.tasks <= 1 || kernel.output.height % y == 0;
}

// Cycles for one product of every element of the tile, per element. Two loads and (as a bound that holds for
// all machines we know) two multiply-adds a cycle, each 4 cycles until its result can be used.
double cost(const Kernel& kernel, const Target& target) {
  const int64_t x = number(kernel.schedule, "x"), y = number(kernel.schedule, "y"),
                blocks = number(kernel.schedule, "blocks");
  if (!divides(x, y, blocks, kernel) || x * y * blocks > accumulators(target)) return INFINITY;
  const double pixels = static_cast<double>(x * y), vectors = static_cast<double>(blocks);
  const double products = pixels * vectors;
  // With one vector of weights the input is broadcast from memory by the multiply-add itself.
  const double loads = vectors + pixels;
  const double cycles = std::max({products / 2, loads / 2, 4.0});
  const double instructions = products + vectors + (blocks > 1 ? pixels : 0);
  const double slots = instructions / 4;
  const bool innermost = blocks > 1 && x * y > blocks * 2;
  const double other_order = (number(kernel.schedule, "blocks_innermost") != 0) == innermost ? 1 : 1.01;
  return std::max(cycles, slots) / products * computed_share(kernel.output.width, x) *
         computed_share(kernel.output.height, y) * computed_share(blocks_of_group(kernel), blocks) *
         other_order;
}

}  // namespace

const Space conv_blocked_space = {numbers, cost};

}  // namespace cnnc
