#include "picture/volumes/volumes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "picture/volumes/arcs.h"
#include "picture/volumes/block.h"
#include "picture/volumes/slots.h"
#include "picture/words.h"

namespace cnnc::picture {
namespace {

constexpr double kMargin = kRowMargin, kFont = kWordsFont;
constexpr double kTitle = 34, kLine = 14, kLegend = 34;

std::string title_of(const std::vector<Layer>& layers, const Stage& stage) {
  std::vector<std::string> lines;
  for (int i = stage.first; i < stage.first + stage.count && lines.size() < 12; ++i)
    lines.push_back(fmt::format("{}: {}, {}", layers[i].name, layers[i].what, to_string(layers[i].shape)));
  if (stage.count > 12) lines.push_back(fmt::format("and {} more", stage.count - 12));
  return fmt::format("{}", fmt::join(lines, "\n"));
}

// Everything that is drawn of one row's slots is drawn with these at hand.
struct Scene {
  const std::vector<Stage>& stages;
  const std::vector<Layer>& layers;
  int64_t greatest;
  std::vector<Placed> placed;
  std::vector<double> ground, heights;  // y of the blocks' lower edge, and how high they are, by row
};

// Where a slot's blocks begin: they stand above the middle of their words.
double left_of_blocks(const Placed& placed) {
  return placed.x + (placed.slot.width - placed.slot.blocks) / 2;
}

Part part_of(const Scene& scene, const Placed& placed, int number, double x) {
  const Stage& stage = scene.stages[number];
  const double ground = scene.ground[placed.row];
  Part part{title_of(scene.layers, stage), {}};
  if (stage.kind == Kind::join) {
    const Point center = {x + 8, ground - placed.middle};
    const bool is_sign = text_width(stage.what, kFont) < 16;
    part.marks = {Circle{center, 8, "join"},
                  Label{{center.x, center.y + (is_sign ? 4 : 22)}, stage.what, ""}};
    return part;
  }
  Extent extent = extent_of(stage.shape, scene.greatest);
  if (placed.slot.slab == number) extent.width = kSlabWidth - 4;
  part.marks = block_marks({x, ground}, extent, look_of(stage.kind));
  if (placed.slot.slab == number) part.marks.insert(part.marks.begin(), silhouette({x, ground}, extent));
  return part;
}

void draw_slot(Drawing& drawing, const Scene& scene, const Placed& placed) {
  const double x = left_of_blocks(placed);
  const Stage& stage = scene.stages[placed.slot.stage];
  drawing.parts.push_back(part_of(scene, placed, placed.slot.stage, x));
  if (placed.slot.slab) {
    const double width = extent_of(stage.shape, scene.greatest).width;
    drawing.parts.push_back(part_of(scene, placed, *placed.slot.slab, x + width + 2));
  }
  Part words;
  double y = scene.ground[placed.row] + 16;
  for (const Words& line : words_of(scene.stages, placed.slot)) {
    if (!line.text.empty())
      words.marks.push_back(Label{{placed.x + placed.slot.width / 2, y}, line.text, line.look});
    y += kLine;
  }
  drawing.parts.push_back(words);
}

// The slot that a stage stands in.
std::vector<int> slots_by_stage(const Scene& scene) {
  std::vector<int> slots(scene.stages.size());
  for (size_t i = 0; i < scene.placed.size(); ++i) {
    const Slot& slot = scene.placed[i].slot;
    slots[slot.stage] = static_cast<int>(i);
    if (slot.slab) slots[*slot.slab] = static_cast<int>(i);
  }
  return slots;
}

double top_of(const Scene& scene, const Placed& placed) {
  const Stage& stage = scene.stages[placed.slot.stage];
  if (stage.kind == Kind::join) return placed.middle + 8;
  const auto height = [&](const Stage& of) {
    const Extent extent = extent_of(of.shape, scene.greatest);
    return extent.height + extent.depth * kSlant;
  };
  return std::max(height(stage), placed.slot.slab ? height(scene.stages[*placed.slot.slab]) : 0);
}

// Blocks have their flow at half their height; a join has it where the one before has.
void set_middles(Scene& scene) {
  double before = 40;
  for (Placed& placed : scene.placed) {
    const Stage& stage = scene.stages[placed.slot.stage];
    const double height = extent_of(stage.shape, scene.greatest).height;
    placed.middle = stage.kind == Kind::join ? std::max(before, 9.0) : std::min(height / 2, 40.0);
    before = placed.middle;
  }
}

// Flows from slot to slot, and the arcs above each row.
struct Wiring {
  std::vector<Arc> arcs;                   // `from` and `to` are slots
  std::vector<std::pair<int, int>> flows;  // between neighbours
};

Wiring wiring_of(const Scene& scene) {
  const std::vector<int> slot_of = slots_by_stage(scene);
  Wiring wiring;
  for (size_t s = 0; s < scene.stages.size(); ++s) {
    const int to = slot_of[s];
    for (const Link& link : scene.stages[s].inputs) {
      const int from = slot_of[link.from];
      if (from == to) continue;
      const bool from_end = !scene.placed[from].slot.slab || *scene.placed[from].slot.slab == link.from;
      if (to == from + 1 && from_end)
        wiring.flows.emplace_back(from, to);
      else
        wiring.arcs.push_back({from, to, link.says, scene.stages[link.from].name});
    }
  }
  return wiring;
}

// An arrow, or, to the next row, one that leaves and one that comes.
void draw_flow(Part& part, const Scene& scene, int from, int to) {
  const Placed &a = scene.placed[from], &b = scene.placed[to];
  const double end = left_of_blocks(a) + a.slot.blocks + 2, begin = left_of_blocks(b) - 2;
  const double middle = std::min(a.middle, b.middle), y = scene.ground[a.row] - middle;
  if (a.row == b.row) {
    part.marks.push_back(Path{{{end, y}, {begin, y}}, "", true});
    return;
  }
  const double below = scene.ground[b.row] - middle;
  part.marks.push_back(Path{{{end, y}, {end + 14, y}}, "", true});
  part.marks.push_back(Path{{{begin - 14, below}, {begin, below}}, "", true});
}

std::vector<ArcPlace> places_of(const Scene& scene) {
  std::vector<ArcPlace> places;
  for (const Placed& placed : scene.placed) {
    const Stage& stage = scene.stages[placed.slot.stage];
    const Extent extent = extent_of(stage.shape, scene.greatest);
    const double width = stage.kind == Kind::join ? 16 : extent.width + extent.depth;
    places.push_back({left_of_blocks(placed) + width / 2, placed.row, top_of(scene, placed), stage.within});
  }
  return places;
}

void draw_legend(Drawing& drawing, const Scene& scene) {
  Part part;
  std::set<Kind> kinds;
  for (const Stage& stage : scene.stages)
    if (stage.kind != Kind::join) kinds.insert(stage.kind);
  double x = kMargin;
  const double y = drawing.height - 12;
  for (const Kind kind : kinds) {
    part.marks.push_back(Box{{x, y - 9}, 10, 10, look_of(kind)});
    part.marks.push_back(Label{{x + 14, y}, words_for(kind), "faint", Anchor::start});
    x += 14 + text_width(words_for(kind), kFont) + 12;
  }
  if (x < 400)
    part.marks.push_back(
        Label{{kPictureWidth - kMargin, y}, "height: resolution, width: channels", "faint", Anchor::end});
  drawing.parts.push_back(part);
}

double highest(const std::vector<ArcPlace>& places, size_t row) {
  double height = 0;
  for (const ArcPlace& place : places)
    if (place.row == row) height = std::max(height, crown_of(place));
  return height + 4;
}

size_t most_lines(const Scene& scene, size_t row) {
  size_t lines = 0;
  for (const Placed& placed : scene.placed)
    if (placed.row == row) lines = std::max(lines, words_of(scene.stages, placed.slot).size());
  return lines;
}

}  // namespace

Drawing draw_volumes(const std::string& name, const std::vector<Stage>& stages,
                     const std::vector<Layer>& layers) {
  Drawing drawing{kPictureWidth, kTitle, name + ": its layers as volumes", {}};
  Scene scene{stages, layers, greatest_side(stages), {}, {}, {}};
  scene.placed = place(slots_of(stages, scene.greatest), kPictureWidth);
  set_middles(scene);
  const Wiring wiring = wiring_of(scene);
  const std::vector<ArcPlace> places = places_of(scene);
  const ArcLevels levels = levels_of(wiring.arcs, places);
  double y = kTitle;
  for (size_t row = 0; row <= scene.placed.back().row; ++row) {
    scene.heights.push_back(highest(places, row));
    y += levels.heights[row] + scene.heights.back();
    scene.ground.push_back(y);
    y += static_cast<double>(most_lines(scene, row)) * kLine + 24;
  }
  drawing.height = y + kLegend - 16;
  drawing.parts.push_back({"", {Label{{kMargin, 22}, name, "title", Anchor::start}}});
  for (const Placed& placed : scene.placed) draw_slot(drawing, scene, placed);
  Part flows;
  for (const auto& [from, to] : wiring.flows) draw_flow(flows, scene, from, to);
  drawing.parts.push_back(flows);
  for (Part& part : draw_arcs(wiring.arcs, places, levels, scene.ground, scene.heights))
    drawing.parts.push_back(std::move(part));
  draw_legend(drawing, scene);
  return drawing;
}

}  // namespace cnnc::picture
