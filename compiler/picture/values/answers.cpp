#include "picture/values/answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "picture/values/shades.h"
#include "picture/words.h"

namespace cnnc::picture {
namespace {

constexpr double kMargin = 14, kSide = 136, kColumn = 156;
constexpr int64_t kMostPixels = 88;  // of a side of the input as it is embedded
constexpr size_t kMostBars = 5, kMostClasses = 5, kMostOutputs = 3;

// Height and width in the drawing of a picture of that size.
struct Shown {
  double width, height;
};
Shown shown_size(Size size) {
  const double unit = kSide / static_cast<double>(std::max(size.height, size.width));
  return {static_cast<double>(size.width) * unit, static_cast<double>(size.height) * unit};
}

Size size_of(const Raster& raster) {
  return {raster.height, raster.width};
}

Image image(Point at, const Raster& raster, Size shown_as) {
  const Shown extent = shown_size(shown_as);
  return {at, extent.width, extent.height, raster};
}

Raster small(const Raster& raster) {
  return made_smaller(raster, size_up_to(size_of(raster), kMostPixels));
}

Label words(Point at, const std::string& text, const std::string& look = "faint") {
  return {at, shortened(text, 25), look, Anchor::start};
}

std::string label_of(const Activations& all, size_t number, size_t count) {
  return all.labels.size() == count && !all.labels[number].empty() ? all.labels[number]
                                                                   : std::to_string(number);
}

// The greatest elements as bars that begin at 0, negative ones to the left.
Part bars(const Activations& all, const Activation& output, Point at) {
  Part part{output.name, {words({at.x, at.y + 12}, output.name, "name")}};
  const std::vector<size_t> best = greatest_of(output.values, kMostBars);
  float least = 0, greatest = 0;
  for (const size_t i : best) {
    if (!std::isfinite(output.values[i])) continue;
    least = std::min(least, output.values[i]), greatest = std::max(greatest, output.values[i]);
  }
  const double whole = std::max(static_cast<double>(greatest) - least, 1e-30);
  double y = at.y + 18;
  for (const size_t i : best) {
    const double value = std::isfinite(output.values[i]) ? output.values[i] : 0;
    const double from = (std::min(value, 0.0) - least) / whole * kSide,
                 to = (std::max(value, 0.0) - least) / whole * kSide;
    part.marks.push_back(Box{{at.x + from, y + 13}, std::max(to - from, 1.0), 7, "dense"});
    part.marks.push_back(
        Label{{at.x, y + 10}, shortened(label_of(all, i, output.values.size()), 16), "", Anchor::start});
    part.marks.push_back(
        Label{{at.x + kSide, y + 10}, fmt::format("{:.3g}", output.values[i]), "faint", Anchor::end});
    y += 24;
  }
  return part;
}

// The input in grey, below what shows its colours best.
Image ground(const Activations& all, Point at) {
  return image(at, without_colours(small(all.input)), size_of(all.input));
}

uint8_t opacity(double part) {
  return static_cast<uint8_t>(std::lround(std::clamp(part, 0.0, 1.0) * 15) * 14);
}

// The colour of each pixel's class, or of one channel its strength, over the input.
Raster mask_of(const Activation& output, Size to) {
  const Size from{output.shape.height(), output.shape.width()};
  const bool is_one = output.shape.channels() == 1;
  const Range range = range_of(output.values.data(), output.values.size());
  const std::vector<size_t> best = greatest_channels(output.shape, output.values);
  Raster mask{static_cast<int>(to.width), static_cast<int>(to.height), 4, {}};
  for (int64_t y = 0; y < to.height; ++y)
    for (int64_t x = 0; x < to.width; ++x) {
      const int64_t row = (2 * y + 1) * from.height / (2 * to.height),
                    column = (2 * x + 1) * from.width / (2 * to.width);
      const auto place = static_cast<size_t>(row * from.width + column);
      const double whole = std::max(static_cast<double>(range.greatest) - range.least, 1e-30);
      const uint8_t* colour = colour_of_class(is_one ? 1 : best[place]);
      mask.bytes.insert(mask.bytes.end(), colour, colour + 3);
      mask.bytes.push_back(is_one ? opacity((output.values[place] - range.least) / whole) : 150);
    }
  return mask;
}

Raster swatch(size_t number) {
  const uint8_t* colour = colour_of_class(number);
  return {1, 1, 3, {colour[0], colour[1], colour[2]}};
}

// The classes that most pixels are of, with their colours.
double draw_classes(Part& part, const Activations& all, const Activation& output, Point at) {
  std::map<size_t, size_t> pixels;
  const std::vector<size_t> best = greatest_channels(output.shape, output.values);
  for (const size_t number : best) ++pixels[number];
  std::vector<std::pair<size_t, size_t>> most(pixels.begin(), pixels.end());
  std::stable_sort(most.begin(), most.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  double y = at.y;
  for (size_t i = 0; i < std::min(most.size(), kMostClasses); ++i, y += 14) {
    const double share = 100.0 * static_cast<double>(most[i].second) / static_cast<double>(best.size());
    const std::string label = label_of(all, most[i].first, static_cast<size_t>(output.shape.channels()));
    const std::string name = all.labels.empty() ? "class " + label : label;
    part.marks.push_back(Image{{at.x, y - 9}, 10, 10, swatch(most[i].first)});
    part.marks.push_back(words({at.x + 15, y}, fmt::format("{}, {:.1f} %", shortened(name, 14), share)));
  }
  if (most.size() > kMostClasses) {
    part.marks.push_back(words({at.x, y}, fmt::format("and {} more classes", most.size() - kMostClasses)));
    y += 14;
  }
  return y;
}

std::string range_text(const Activation& output) {
  const Range range = range_of(output.values.data(), output.values.size());
  return fmt::format("from {:.3g} to {:.3g}", range.least, range.greatest);
}

// A map with the input's ratio as a mask over it, one of three channels as a picture.
Part map_of(const Activations& all, const Activation& output, Point at, double& bottom) {
  Part part{output.name, {words({at.x, at.y + 12}, output.name, "name")}};
  const Size size{output.shape.height(), output.shape.width()};
  const Point place{at.x, at.y + 20};
  double y = place.y + shown_size(size).height + 14;
  if (output.shape.channels() == 3) {
    Activation shown = output;
    const Range range = range_of(shown.values.data(), shown.values.size());
    for (float& value : shown.values)
      value = (value - range.least) / std::max(range.greatest - range.least, 1e-30f);
    part.marks.push_back(image(place, small(raster_of(shown.shape, shown.values)), size));
    part.marks.push_back(words({at.x, y}, range_text(output)));
  } else {
    const bool has_ratio = size.height * all.input.width == size.width * all.input.height;
    if (has_ratio) part.marks.push_back(ground(all, place));
    part.marks.push_back(image(place, mask_of(output, size_up_to(size, kMostPixels)), size));
    if (output.shape.channels() == 1)
      part.marks.push_back(words({at.x, y}, range_text(output)));
    else
      y = draw_classes(part, all, output, {at.x, y}) - 14;
  }
  bottom = std::max(bottom, y);
  return part;
}

Part output_of(const Activations& all, const Activation& output, Point at, double& bottom) {
  constexpr int64_t kMostChannels = 256;  // more are no classes
  if (is_like_a_vector(output.shape)) {
    bottom =
        std::max(bottom, at.y + 18 + 24.0 * static_cast<double>(std::min(kMostBars, output.values.size())));
    return bars(all, output, at);
  }
  if (output.shape.is_map() && output.shape.channels() <= kMostChannels)
    return map_of(all, output, at, bottom);
  return {output.name,
          {words({at.x, at.y + 12}, output.name, "name"), words({at.x, at.y + 30}, to_string(output.shape)),
           words({at.x, at.y + 44}, range_text(output))}};
}

// Red where the score falls, blue where it grows.
Part occlusion_of(const Activations& all, const Occlusion& o, Point at, double& bottom) {
  size_t count = 0;
  for (const Activation& output : all.outputs)
    if (output.name == o.output) count = output.values.size();
  const std::string who = label_of(all, o.winner, count);
  const Range range = range_of(o.losses.data(), o.losses.size());
  const double most = std::max({std::fabs(range.least), std::fabs(range.greatest), 1e-30f});
  Raster cells{static_cast<int>(o.columns), static_cast<int>(o.rows), 4, {}};
  for (const float loss : o.losses) {
    const uint8_t red[] = {230, 60, 20}, blue[] = {40, 110, 230};
    const uint8_t* colour = loss >= 0 ? red : blue;
    cells.bytes.insert(cells.bytes.end(), colour, colour + 3);
    cells.bytes.push_back(opacity(std::isnan(loss) ? 0 : std::fabs(loss) / most));
  }
  const Point place{at.x, at.y + 20};
  const double y = place.y + shown_size(size_of(all.input)).height + 14;
  bottom = std::max(bottom, y + 28);
  return {fmt::format("with a patch of {}x{} over it, the score of {}, {:.4g}, falls by up to {:.4g}",
                      o.patch_height, o.patch_width, who, o.score, range.greatest),
          {words({at.x, at.y + 12}, "what " + who + " comes from", "name"), ground(all, place),
           image(place, cells, size_of(all.input)),
           words({at.x, y}, fmt::format("score {:.3g}; red: covered", o.score)),
           words({at.x, y + 14}, fmt::format("it falls by up to {:.2g},", std::max(range.greatest, 0.0f))),
           words({at.x, y + 28}, fmt::format("blue: grows by {:.2g}", std::max(-range.least, 0.0f) + 0.0f))}};
}

}  // namespace

double draw_answers(Drawing& drawing, const Activations& all, double top) {
  double x = kMargin, bottom = top + 20 + shown_size(size_of(all.input)).height + 14;
  drawing.parts.push_back(
      {"the input",
       {words({x, top + 12}, "input", "name"), image({x, top + 20}, small(all.input), size_of(all.input)),
        words({x, bottom}, fmt::format("{}x{}", all.input.height, all.input.width))}});
  for (size_t i = 0; i < std::min(all.outputs.size(), kMostOutputs - (all.occlusion ? 1 : 0)); ++i)
    drawing.parts.push_back(output_of(all, all.outputs[i], {x += kColumn, top}, bottom));
  if (all.occlusion) drawing.parts.push_back(occlusion_of(all, *all.occlusion, {x += kColumn, top}, bottom));
  const size_t drawn = kMostOutputs - (all.occlusion ? 1 : 0);
  if (all.outputs.size() > drawn)
    drawing.parts.push_back(
        {"",
         {words({kMargin, bottom += 18}, fmt::format("and {} more outputs", all.outputs.size() - drawn))}});
  return bottom;
}

}  // namespace cnnc::picture
