// What Winograd's transform of whole filters costs (conv_winograd_2d), by the ways in which it can be done.
#pragma once
#include <cstdint>
#include <vector>

#include "plan/layout.h"
#include "plan/tilings.h"
#include "target/target.h"

namespace cnnc {

// Whether a conv with 3 x 3 filters of these layouts can be computed so: it is in blocks of the target's
// vector, what a thread holds is small enough for the stack, and everything divides.
bool winograd_2d_fits(const Winograd2d& way, const Layout& input, const Layout& result, const Target& target);

// Cycles of one core with two multiply-adds of vectors a cycle, without what is read from main memory at the
// least.
double winograd_2d_cycles(const Winograd2d& way, const Layout& input, const Layout& result,
                          const Target& target);

// Of these, to transform filters once before anything else: 0 with a chunk, whose filters each block of tiles
// transforms anew.
double winograd_2d_filter_cycles(const Winograd2d& way, const Layout& input, const Layout& result,
                                 const Target& target);

// Those that are worth a try, for F(outputs x outputs, 3 x 3): of each number of planes, parts and chunk the
// sizes of a block of tiles that are estimated best.
struct Winograd2dEstimate {
  Winograd2d way;
  double cycles = 0;
};
std::vector<Winograd2dEstimate> winograd_2d_estimates(int64_t outputs, const Layout& input,
                                                      const Layout& result, const Target& target);

// The most tiles whose sums are in registers, of so many planes. Where a vector is several registers none of
// them may be stored in between: each product would wait for that.
int64_t winograd_2d_most_tiles(int64_t planes, const Target& target);

// Register tiles of so many tiles and all planes; with a chunk they divide the block of tiles.
int64_t winograd_2d_register_tiles(const Winograd2d& way, const Target& target);

}  // namespace cnnc
