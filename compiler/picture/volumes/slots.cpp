#include "picture/volumes/slots.h"

#include <fmt/format.h>

#include <algorithm>

#include "picture/volumes/block.h"
#include "picture/words.h"

namespace cnnc::picture {
namespace {

constexpr double kGap = 13, kJoin = 16;
constexpr size_t kNameLength = 14, kWordsLength = 17;

std::string times_text(const Stage& stage) {
  return stage.times == 1 ? stage.what : fmt::format("{} × {}", stage.times, stage.what);
}

bool is_slab(const Stage& stage) {
  return stage.kind == Kind::pool || stage.kind == Kind::upsampling;
}

std::string scope_of(const std::string& name) {
  const size_t dot = name.rfind('.');
  return dot == std::string::npos ? "" : name.substr(0, dot);
}

// Without the scope where that is the one of the stage before: "features.0", ".3", ".6".
std::string short_name(const std::vector<Stage>& stages, int number) {
  const std::string &name = stages[number].name, scope = scope_of(name);
  for (int before = number - 1; before >= 0 && !scope.empty(); --before)
    if (!is_slab(stages[before]) && stages[before].kind != Kind::join)
      return scope_of(stages[before].name) == scope ? name.substr(scope.size()) : name;
  return name;
}

double width_of_words(const std::vector<Words>& words) {
  double width = 0;
  for (const Words& line : words)
    width = std::max(width, text_width(line.text, line.look == "name" ? kWordsFont + .8 : kWordsFont));
  return width;
}

// How many rows there are if none is wider than that; each of slots at least one.
size_t rows_of(const std::vector<Slot>& slots, double most) {
  size_t rows = 1;
  double x = 0;
  for (const Slot& slot : slots) {
    if (x > 0 && x + slot.width > most) {
      ++rows;
      x = 0;
    }
    x += slot.width + kGap;
  }
  return rows;
}

// The least width that gives no more rows than the whole one does.
double row_width(const std::vector<Slot>& slots, double width) {
  const size_t rows = rows_of(slots, width);
  while (rows_of(slots, width - 1) == rows && width > 100) --width;
  return width;
}

}  // namespace

std::vector<Words> words_of(const std::vector<Stage>& stages, const Slot& slot) {
  const Stage& stage = stages[slot.stage];
  if (stage.kind == Kind::join) return {{"", ""}, {to_string(stage.shape), "faint small"}};
  std::vector<Words> words = {{shortened(short_name(stages, slot.stage), kNameLength), "name"},
                              {to_string(stage.shape), ""}};
  if (stage.kind != Kind::input) words.push_back({shortened(times_text(stage), kWordsLength), "faint"});
  if (slot.slab)
    words.push_back({shortened(stages[*slot.slab].what, kWordsLength), look_of(stages[*slot.slab].kind)});
  return words;
}

std::vector<Slot> slots_of(const std::vector<Stage>& stages, int64_t greatest) {
  std::vector<int> readers(stages.size());
  for (const Stage& stage : stages)
    for (const Link& link : stage.inputs) ++readers[link.from];
  std::vector<Slot> slots;
  for (size_t i = 0; i < stages.size(); ++i) {
    const Stage& stage = stages[i];
    const Extent extent = extent_of(stage.shape, greatest);
    const bool against = is_slab(stage) && !slots.empty() && !slots.back().slab && stage.shape.is_map() &&
                         stage.inputs.size() == 1 && stage.inputs[0].from == static_cast<int>(i) - 1 &&
                         !is_slab(stages[i - 1]) && stages[i - 1].kind != Kind::join;
    if (against) {
      slots.back().slab = static_cast<int>(i);
      slots.back().blocks += kSlabWidth - 2;
    } else {
      const double blocks = stage.kind == Kind::join ? kJoin : extent.width + extent.depth;
      slots.push_back({static_cast<int>(i), std::nullopt, 0, blocks});
    }
    slots.back().width = std::max(slots.back().blocks, width_of_words(words_of(stages, slots.back())));
  }
  return slots;
}

std::vector<Placed> place(const std::vector<Slot>& slots, double width) {
  const double most = row_width(slots, width - 2 * kRowMargin), left = (width - most) / 2;
  std::vector<Placed> placed;
  double x = left;
  size_t row = 0;
  for (const Slot& slot : slots) {
    if (x > left && x + slot.width > left + most) {
      x = left;
      ++row;
    }
    placed.push_back({slot, x, row, 0});
    x += slot.width + kGap;
  }
  return placed;
}

}  // namespace cnnc::picture
