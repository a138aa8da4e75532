// Where in the picture each stage stands: in rows, with its words.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "picture/volumes/stages.h"

namespace cnnc::picture {

inline constexpr double kSlabWidth = 9;  // of a pool against its block's side, with what is between
inline constexpr double kRowMargin = 14;
inline constexpr double kWordsFont = 11;

// What stands in a row at one place: a stage, and the pool or upsampling that follows it, drawn against its
// side.
struct Slot {
  int stage = 0;
  std::optional<int> slab;  // a stage too
  double width = 0;         // of blocks and words
  double blocks = 0;        // of the blocks alone
};

struct Placed {
  Slot slot;
  double x = 0;  // of its left
  size_t row = 0;
  double middle = 0;  // how high above the ground the flow into it is
};

// A line below a slot, in a look of the style sheet.
struct Words {
  std::string text, look;
};

// The lines below a slot: name, size, what it is, and what the slab is.
std::vector<Words> words_of(const std::vector<Stage>& stages, const Slot& slot);

// A pool or an upsampling that reads the stage before alone stands against its side. `greatest` is
// greatest_side().
std::vector<Slot> slots_of(const std::vector<Stage>& stages, int64_t greatest);

// In as few rows of at most that width as there can be, about equally long ones.
std::vector<Placed> place(const std::vector<Slot>& slots, double width);

}  // namespace cnnc::picture
