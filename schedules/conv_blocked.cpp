#include "schedules/conv_blocked.h"

#include <algorithm>
#include <cmath>

#include "schedules/tasks.h"

namespace cnnc {

namespace {

// What the tails cost: the last tile of an axis overlaps its neighbour, so part of it is computed twice.
double computed_share(int64_t size, int64_t tile) {
  return static_cast<double>((size + tile - 1) / tile * tile) / static_cast<double>(size);
}

// Cycles for one product of every element of the tile, per element. Two loads and (as a bound that holds for
// all machines we know) two multiply-adds a cycle, each 4 cycles until its result can be used.
double estimated_cost(const ConvTile& tile, const Kernel& kernel, int64_t blocks) {
  const int pixels = tile.x * tile.y;
  const double products = pixels * tile.blocks;
  // With one vector of weights the input is broadcast from memory by the multiply-add itself.
  const double loads = tile.blocks + pixels;
  const double cycles = std::max({products / 2, loads / 2, 4.0});
  const double instructions = products + tile.blocks + (tile.blocks > 1 ? pixels : 0);
  const double slots = instructions / 4;
  return std::max(cycles, slots) / products * computed_share(kernel.output.width, tile.x) *
         computed_share(kernel.output.height, tile.y) * computed_share(blocks, tile.blocks);
}

}  // namespace

ConvTile default_conv_tile(const Kernel& kernel, const Target& target) {
  const int64_t groups = integer(kernel.attributes, "groups");
  const int64_t blocks = kernel.output.planes() / groups;
  const int accumulators = target.registers - (target.registers >= 32 ? 4 : 3);
  ConvTile best;
  double least = INFINITY;
  for (int b = 1; b <= std::min<int64_t>(blocks, 4); ++b)
    for (int y = 1; y <= std::min<int64_t>(kernel.output.height, 4); ++y)
      for (int x = 1; x <= std::min<int64_t>(kernel.output.width, accumulators / b / y); ++x) {
        if ((groups > 1 || kernel.tasks > 1) && blocks % b != 0) continue;  // a tile stays in its group
        if (kernel.tasks > 1 && kernel.output.height % y != 0) continue;    // tasks must not overlap
        ConvTile tile;
        tile.x = x;
        tile.y = y;
        tile.blocks = b;
        const double cost = estimated_cost(tile, kernel, blocks);
        if (cost < 0.999 * least) {
          least = cost;
          best = tile;
        }
      }
  best.blocks_innermost = best.blocks > 1 && best.x * best.y > best.blocks * 2;
  return best;
}

void schedule_conv_blocked(const ConvStages& stages, const Kernel& kernel, const ConvTile& tile) {
  const int lanes = static_cast<int>(kernel.output.block);
  const auto tail = Halide::TailStrategy::ShiftInwards;
  Halide::Func result = stages.result, sums = stages.sums;
  const Halide::Var &lane = stages.lane, &x = stages.x, &y = stages.y, &block = stages.block;
  Halide::Var xo("xo"), yo("yo"), bo("bo"), xi("xi"), yi("yi"), bi("bi");
  result.split(x, xo, xi, tile.x, tail)
      .split(y, yo, yi, tile.y, tail)
      .split(block, bo, bi, tile.blocks, tail)
      .reorder(lane, xi, yi, bi, xo, yo, bo)
      .vectorize(lane, lanes)
      .unroll(xi)
      .unroll(yi)
      .unroll(bi);
  schedule_tasks(result, kernel, {yo, bo, stages.image});
  sums.compute_at(result, xo)
      .store_in(Halide::MemoryType::Register)
      .bound_extent(lane, lanes)
      .vectorize(lane, lanes)
      .unroll(x)
      .unroll(y)
      .unroll(block);
  const Halide::RDom& r = stages.taps;
  Halide::Stage update = sums.update();
  if (tile.blocks_innermost)
    update.reorder(lane, block, x, y, r.x, r.y, r.z, r.w);
  else
    update.reorder(lane, x, y, block, r.x, r.y, r.z, r.w);
  update.vectorize(lane, lanes).unroll(x).unroll(y).unroll(block);
}

}  // namespace cnnc
