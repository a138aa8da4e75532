// Register tiles of convolutions on blocks of channels, of floats and of bytes, as their estimates see them.
#pragma once
#include <vector>

#include "plan/choose/space.h"
#include "plan/tilings.h"

namespace cnnc {

// A kernel and a complete schedule of it.
struct BlockedTiles : BlockedTiling {
  const Kernel& kernel;
  const Target& target;

  BlockedTiles(const BlockedTiling& tiling, const Kernel& k, const Target& t)
      : BlockedTiling(tiling), kernel(k), target(t) {}
  int64_t groups() const { return conv_of(kernel).groups; }
  int64_t group_blocks() const { return kernel.output.planes() / groups(); }
};

// rows_outer, blocks, y and x that are tried; what needs more registers than there are is estimated to be
// slow.
std::vector<Number> numbers_of_tiles(const Kernel& kernel, const Target& target);

// Iterations of the loops that are shared out; 0 if two of them would overlap.
int64_t tasks_of(const BlockedTiles& tiles);

// Whether the tile, of however many sums, is one of this result, stays in its group, and no two tasks
// overlap.
bool tiles_fit(const BlockedTiles& tiles);

// What the tails cost: the last tile of an axis overlaps its neighbour, so part of it is computed twice.
double computed_share(int64_t size, int64_t tile);

// Bytes a cycle from the cache in which something of that size stays.
double bytes_per_cycle(double bytes, const Memory& memory);

}  // namespace cnnc
