#include "picture/volumes/arcs.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "picture/words.h"

namespace cnnc::picture {
namespace {

constexpr size_t kNameLength = 28;
constexpr double kLevel = 17, kFont = 10, kLoop = 14, kLine = 11;

bool is_within_row(const Arc& arc, const std::vector<ArcPlace>& places) {
  return places[arc.from].row == places[arc.to].row;
}

std::string text_of(const Arc& arc, const std::vector<ArcPlace>& places) {
  if (is_within_row(arc, places)) return arc.says;
  return (arc.says.empty() ? "from" : arc.says) + " " + shortened(arc.source, kNameLength);
}

// Where the words of an arc from another row stand: above its end, but within the picture.
double middle_of_words(const Arc& arc, const std::vector<ArcPlace>& places) {
  const double half = text_width(text_of(arc, places), kFont) / 2 + 4;
  return std::clamp(places[arc.to].x, half, kPictureWidth - half);
}

// From left to right, what it takes of its level: with its words where it stands for itself.
struct Interval {
  size_t row;
  double begin, end;
};

Interval interval_of(const Arc& arc, const std::vector<ArcPlace>& places) {
  const ArcPlace &a = places[arc.from], &b = places[arc.to];
  if (is_within_row(arc, places)) return {b.row, a.x, b.x};
  const double half = text_width(text_of(arc, places), kFont) / 2 + 2, middle = middle_of_words(arc, places);
  return {b.row, middle - half, middle + half};
}

bool meet(const Interval& a, const Interval& b) {
  return a.begin < b.end && b.begin < a.end;
}

// The lowest level of its row on which it meets no other; adds it there.
int take_level(std::vector<std::vector<Interval>>& levels, const Interval& interval) {
  const auto free = std::find_if(levels.begin(), levels.end(), [&](const std::vector<Interval>& level) {
    return std::none_of(level.begin(), level.end(),
                        [&](const Interval& other) { return meet(interval, other); });
  });
  const auto level = static_cast<size_t>(free - levels.begin());
  if (level == levels.size()) levels.emplace_back();
  levels[level].push_back(interval);
  return static_cast<int>(level);
}

// The short ones lie lowest.
std::vector<size_t> shortest_first(const std::vector<Interval>& intervals) {
  std::vector<size_t> order(intervals.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return intervals[a].end - intervals[a].begin < intervals[b].end - intervals[b].begin;
  });
  return order;
}

// A loop above a block, with its words.
Part loop(const ArcPlace& place, double ground) {
  const double y = ground - place.top - kLoop, half = 15;
  Part part;
  part.marks.push_back(
      Path{{{place.x - half, y + 11}, {place.x - half, y}, {place.x + half, y}, {place.x + half, y + 11}},
           "",
           true});
  double line = y - 4 - static_cast<double>(place.within.size()) * kLine;
  for (const std::string& words : place.within)
    part.marks.push_back(Label{{place.x, line += kLine}, words, "faint small"});
  return part;
}

Path stub(const ArcPlace& place, double y, double ground) {
  return {{{place.x, y}, {place.x, ground - crown_of(place) - 2}}, "dashed", true};
}

Path path_of(const ArcPlace& a, const ArcPlace& b, double y, double ground) {
  const double from = a.x + 3, to = b.x - 3;
  return {{{from, ground - crown_of(a) - 2}, {from, y}, {to, y}, {to, ground - crown_of(b) - 2}}, "", true};
}

}  // namespace

double crown_of(const ArcPlace& place) {
  return place.top +
         (place.within.empty() ? 0 : kLoop + static_cast<double>(place.within.size()) * kLine + 4);
}

ArcLevels levels_of(const std::vector<Arc>& arcs, const std::vector<ArcPlace>& places) {
  ArcLevels result;
  result.of_arcs.resize(arcs.size());
  size_t rows = 1;
  for (const ArcPlace& place : places) rows = std::max(rows, place.row + 1);
  result.heights.resize(rows);
  std::vector<Interval> intervals;
  for (const Arc& arc : arcs) intervals.push_back(interval_of(arc, places));
  std::vector<std::vector<std::vector<Interval>>> taken(rows);  // by row and level
  for (const size_t i : shortest_first(intervals)) {
    const int level = result.of_arcs[i] = take_level(taken[intervals[i].row], intervals[i]);
    double& height = result.heights[intervals[i].row];
    height = std::max(height, (level + 1) * kLevel + 6);
  }
  return result;
}

std::vector<Part> draw_arcs(const std::vector<Arc>& arcs, const std::vector<ArcPlace>& places,
                            const ArcLevels& levels, const std::vector<double>& ground,
                            const std::vector<double>& heights) {
  std::vector<Part> parts;
  Part words;  // above all lines
  for (const ArcPlace& place : places)
    if (!place.within.empty()) parts.push_back(loop(place, ground[place.row]));
  for (size_t i = 0; i < arcs.size(); ++i) {
    const Arc& arc = arcs[i];
    const ArcPlace &a = places[arc.from], &b = places[arc.to];
    const double floor = ground[b.row], y = floor - heights[b.row] - levels.of_arcs[i] * kLevel - 8;
    const bool whole = is_within_row(arc, places);
    const std::string text = text_of(arc, places);
    parts.push_back({(arc.says.empty() ? "" : arc.says + " ") + "from " + arc.source,
                     {whole ? path_of(a, b, y, floor) : stub(b, y, floor)}});
    if (!whole || text_width(text, kFont) < b.x - a.x - 12)
      words.marks.push_back(
          Label{{whole ? (a.x + b.x) / 2 : middle_of_words(arc, places), y - 4}, text, "faint small"});
  }
  parts.push_back(words);
  return parts;
}

}  // namespace cnnc::picture
