// A kernel's schedule as a loop nest in words, and what its innermost loop keeps in registers.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "plan/kernel.h"
#include "target/target.h"

namespace cnnc {

struct LoopNest {
  std::vector<std::string> loops;  // from the outermost to the innermost, each in the one before it
  std::string behind;              // what follows the innermost loop in the one around it; "": nothing
};
LoopNest loops_of(const Kernel& kernel, const Target& target);

// Vectors that a register tile sums at a time, as words and as a number; none of a kernel that has no tiles.
struct RegisterTile {
  std::string words;  // "14 pixels x 2 vectors of channels"
  int64_t sums = 0;
};
std::optional<RegisterTile> register_tile_of(const Kernel& kernel, const Target& target);

}  // namespace cnnc
