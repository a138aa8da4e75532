#include <fmt/format.h>

#include <algorithm>

#include "picture/values/filters.h"
#include "picture/words.h"

namespace cnnc::picture {
namespace {

constexpr double kMargin = 14, kLeft = 44, kTop = 64, kWidth = kPictureWidth - kLeft - kMargin;
constexpr size_t kMostTiles = 512;

// Where filter number so-and-so is drawn.
struct Frame {
  Point at;
  double width = 0, height = 0;
};

Polygon outline(const Frame& frame, const std::string& look) {
  const auto& [at, width, height] = frame;
  return {{{at.x, at.y}, {at.x + width, at.y}, {at.x + width, at.y + height}, {at.x, at.y + height}}, look};
}

std::string title_of(const Filter& filter, size_t number) {
  std::string title = std::to_string(number);
  if (filter.input >= 0) title += fmt::format(": its strongest slice, on channel {}", filter.input);
  if (filter.is_dead) title += ": dead, all of its weights are nearly 0";
  if (filter.like) title += fmt::format(": nearly the same as {}", *filter.like);
  return title;
}

std::string look_of(const Filter& filter) {
  return filter.is_dead ? "dead" : filter.like ? "alike" : "pick";
}

// Tiles in rows and columns, one element of a filter `unit` wide, and as much between two of them.
struct Grid {
  size_t count, columns;
  int rows_of_tile, columns_of_tile;
  double unit;

  explicit Grid(const Filters& filters) : count(std::min(filters.filters.size(), kMostTiles)) {
    const Raster& tile = filters.filters.front().tile;
    rows_of_tile = tile.height, columns_of_tile = tile.width;
    const double side = count <= 16 ? 62 : count <= 64 ? 40 : count <= 256 ? 24 : 16;
    unit = std::max(2.0, std::min(12.0, side / std::max(rows_of_tile, columns_of_tile)));
    columns = std::max<size_t>(1, std::min<size_t>(count, static_cast<size_t>(kWidth / (unit * across()))));
  }
  int across() const { return columns_of_tile + 1; }
  int down() const { return rows_of_tile + 1; }
  size_t rows() const { return (count + columns - 1) / columns; }
  Frame frame(size_t number) const {
    return {{kLeft + static_cast<double>(number % columns) * across() * unit,
             kTop + static_cast<double>(number / columns) * down() * unit},
            columns_of_tile * unit,
            rows_of_tile * unit};
  }
};

// All tiles as one picture, with nothing between them.
Image image_of(const Grid& grid, const Filters& filters) {
  Raster all{
      static_cast<int>(grid.columns) * grid.across(), static_cast<int>(grid.rows()) * grid.down(), 4, {}};
  all.bytes.resize(static_cast<size_t>(all.width) * all.height * 4);
  for (size_t i = 0; i < grid.count; ++i) {
    const Raster& tile = filters.filters[i].tile;
    for (int y = 0; y < tile.height; ++y)
      for (int x = 0; x < tile.width; ++x) {
        const int row = static_cast<int>(i / grid.columns) * grid.down() + y;
        const int column = static_cast<int>(i % grid.columns) * grid.across() + x;
        uint8_t* pixel = &all.bytes[(static_cast<size_t>(row) * all.width + column) * 4];
        for (int c = 0; c < 3; ++c)
          pixel[c] = tile.bytes[static_cast<size_t>((y * tile.width + x) * tile.channels +
                                                    (tile.channels == 3 ? c : 0))];
        pixel[3] = 255;
      }
  }
  return {{kLeft, kTop}, all.width * grid.unit, all.height * grid.unit, std::move(all)};
}

double draw_tiles(Drawing& drawing, const Filters& filters) {
  const Grid grid(filters);
  Part part{"", {image_of(grid, filters)}};
  for (size_t row = 0; row < grid.rows(); ++row) {
    const Frame frame = grid.frame(row * grid.columns);
    part.marks.push_back(Label{{kLeft - 8, frame.at.y + std::max(frame.height / 2 + 4, 9.0)},
                               std::to_string(row * grid.columns),
                               "faint small",
                               Anchor::end});
  }
  drawing.parts.push_back(std::move(part));
  for (size_t i = 0; i < grid.count; ++i)
    drawing.parts.push_back(
        {title_of(filters.filters[i], i), {outline(grid.frame(i), look_of(filters.filters[i]))}});
  return kTop + static_cast<double>(grid.rows()) * grid.down() * grid.unit;
}

double draw_matrix(Drawing& drawing, const Filters& filters) {
  const Raster& matrix = filters.matrix;
  const double unit = std::clamp(kWidth / matrix.width, 1.0, 8.0), width = matrix.width * unit;
  const double height = std::max(matrix.height * unit, 12.0);
  drawing.parts.push_back(
      {"a row a filter, a column an input", {Image{{kLeft, kTop}, width, height, matrix}}});
  const double of_one = height / static_cast<double>(filters.filters.size());
  for (size_t i = 0; i < filters.filters.size(); ++i)
    if (const std::string look = look_of(filters.filters[i]); look != "pick")
      drawing.parts.push_back(
          {title_of(filters.filters[i], i),
           {outline({{kLeft, kTop + static_cast<double>(i) * of_one}, width, std::max(of_one, 1.0)}, look)}});
  return kTop + height;
}

// "3, 17 and 4 more": as many as a line has room for.
std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (size_t i = 0; i < words.size(); ++i) {
    if (text_width(text, 11) > 340) return fmt::format("{} and {} more", text, words.size() - i);
    text += (i == 0 ? "" : ", ") + words[i];
  }
  return text;
}

// What is outlined, and what is not shown.
std::vector<std::string> notes_of(const Filters& filters) {
  std::vector<std::string> dead, alike, notes;
  for (size_t i = 0; i < filters.filters.size(); ++i) {
    if (filters.filters[i].is_dead) dead.push_back(std::to_string(i));
    if (filters.filters[i].like) alike.push_back(fmt::format("{} = {}", i, *filters.filters[i].like));
  }
  if (!dead.empty()) notes.push_back("dead, in dashes: " + listed(dead));
  if (!alike.empty()) notes.push_back("nearly the same, outlined: " + listed(alike));
  if (dead.empty() && alike.empty()) notes.emplace_back("none is dead, and no two are alike");
  if (filters.matrix.width == 0 && filters.filters.size() > kMostTiles)
    notes.push_back(fmt::format("the first {} of {} are drawn", kMostTiles, filters.filters.size()));
  return notes;
}

std::string legend_of(const Filters& filters) {
  if (filters.matrix.width > 0)
    return "a row for each result, a column for each input; grey is 0, white positive, black negative";
  if (filters.in_colour) return "in colours, as they lie on the picture; grey is 0";
  const bool is_slice = filters.filters.front().input >= 0;
  return std::string(is_slice ? "of each the strongest slice; " : "") +
         "grey is 0, white positive, black negative";
}

}  // namespace

Drawing draw_filters(const std::string& network, const Filters& filters) {
  const std::string title = fmt::format("{}: {} of {}", network, filters.what, filters.layer);
  Drawing drawing{kPictureWidth, 0, title, {}};
  drawing.parts.push_back({"",
                           {Label{{kMargin, 22}, shortened(title, 78), "title", Anchor::start},
                            Label{{kMargin, 42}, legend_of(filters), "faint", Anchor::start}}});
  double y = filters.matrix.width > 0 ? draw_matrix(drawing, filters) : draw_tiles(drawing, filters);
  Part notes;
  for (const std::string& note : notes_of(filters))
    notes.marks.push_back(Label{{kMargin, y += 18}, note, "", Anchor::start});
  drawing.parts.push_back(std::move(notes));
  drawing.height = y + 14;
  return drawing;
}

}  // namespace cnnc::picture
