// A kernel's schedule as a loop nest in words, and what its innermost loop keeps in registers.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plan/kernel.h"
#include "target/target.h"

namespace cnnc {

// A loop, or what stands alone in the one around it and is done once there.
struct LoopLine {
  LoopLine(std::string words, bool loop = true) : text(std::move(words)), is_loop(loop) {}
  std::string text;
  bool is_loop;
};

struct LoopNest {
  std::vector<LoopLine> loops;  // from the outermost to the innermost, each in the one before it
  std::string behind;           // what follows the innermost loop in the one around it; "": nothing
};

// Throws std::logic_error of a family that has no row in its table, as register_tile_of does.
LoopNest loops_of(const Kernel& kernel, const Target& target);

// Whether it has such a row: a test asks of all families that there are.
bool has_loops_in_words(std::string_view family);

// Vectors that a register tile sums at a time, as words and as a number; none of a kernel that has no tiles.
struct RegisterTile {
  std::string words;  // "14 pixels x 2 vectors of channels"
  int64_t sums = 0;
};
std::optional<RegisterTile> register_tile_of(const Kernel& kernel, const Target& target);

}  // namespace cnnc
