#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "picture/values/answers.h"
#include "picture/values/maps.h"
#include "picture/values/shades.h"
#include "picture/words.h"

namespace cnnc::picture {
namespace {

constexpr double kMargin = 14, kLeft = 132, kTile = 66, kGap = 5;
constexpr size_t kTiles = 7, kMostStages = 40;
// Letters that fit in front of the tiles; bold ones are wider, in some fonts 0.7 of their height.
constexpr size_t kNameLength = 14, kWordsLength = 17;

// Whether it is drawn as maps: not what is a list by its shape, such as 16x4x2100 numbers of boxes.
bool has_pixels(const Shape& shape) {
  constexpr int64_t kMostRatio = 16;
  if (!shape.is_map() || is_like_a_vector(shape)) return false;
  const auto [least, most] = std::minmax({shape.height(), shape.width()});
  return most <= kMostRatio * least;
}

double deviation_of(const float* values, size_t count) {
  double sum = 0, squares = 0;
  for (size_t i = 0; i < count; ++i) sum += values[i];
  const double mean = sum / static_cast<double>(count);
  for (size_t i = 0; i < count; ++i) squares += (values[i] - mean) * (values[i] - mean);
  return std::sqrt(squares / static_cast<double>(count));
}

size_t pixels_of(const Shape& shape) {
  return static_cast<size_t>(shape.height() * shape.width());
}

// How many bytes the maps take in the file, about, if no side has more pixels than `most`.
double bytes_of(const std::vector<Activation>& stages, int64_t most) {
  constexpr double kOfPixel = 0.8, kOfTile = 330;
  double bytes = 0;
  for (const Activation& stage : stages) {
    if (!has_pixels(stage.shape)) continue;
    const Size size = size_up_to({stage.shape.height(), stage.shape.width()}, most);
    bytes += static_cast<double>(std::min<int64_t>(stage.shape.channels(), kTiles)) *
             (kOfTile + kOfPixel * static_cast<double>(size.height * size.width));
  }
  return bytes;
}

// The finest maps with which the file stays small.
int64_t most_pixels(const std::vector<Activation>& stages) {
  constexpr double kMostBytes = 66000;
  for (const int64_t most : {66, 56, 48, 40, 32, 24, 16})
    if (bytes_of(stages, most) <= kMostBytes) return most;
  return 12;
}

Part tile(const Activation& stage, size_t channel, size_t column, double y, int64_t most) {
  const Size size{stage.shape.height(), stage.shape.width()};
  const float* values = stage.values.data() + channel * pixels_of(stage.shape);
  const Range range = range_of(values, pixels_of(stage.shape));
  const double unit = kTile / static_cast<double>(std::max(size.height, size.width));
  return {
      fmt::format("{}, channel {}: from {:.4g} to {:.4g}", stage.name, channel, range.least, range.greatest),
      {Image{{kLeft + static_cast<double>(column) * (kTile + kGap), y},
             static_cast<double>(size.width) * unit,
             static_cast<double>(size.height) * unit,
             in_grey(values, size, size_up_to(size, most), range)}}};
}

// A vector as a strip, an element a column.
Part strip(const Activation& stage, double y) {
  constexpr int64_t kMostColumns = 250;
  const auto count = static_cast<int64_t>(stage.values.size());
  const Range range = range_of(stage.values.data(), stage.values.size());
  const double width = std::min(kPictureWidth - kLeft - kMargin, static_cast<double>(count) * 12);
  return {fmt::format("{}: from {:.4g} to {:.4g}", stage.name, range.least, range.greatest),
          {Image{{kLeft, y},
                 width,
                 18,
                 in_grey(stage.values.data(), {1, count}, {1, std::min(count, kMostColumns)}, range)}}};
}

Part words_of(const Activation& stage, double y) {
  Part part;
  part.marks.push_back(Label{{kMargin, y + 12}, shortened(stage.name, kNameLength), "name", Anchor::start});
  part.marks.push_back(Label{{kMargin, y + 26}, to_string(stage.shape), "", Anchor::start});
  part.marks.push_back(Label{{kMargin, y + 40}, shortened(stage.what, kWordsLength), "faint", Anchor::start});
  return part;
}

// To where it reaches.
double draw_stage(Drawing& drawing, const Activation& stage, double y, int64_t most) {
  drawing.parts.push_back(words_of(stage, y));
  if (!has_pixels(stage.shape)) {
    drawing.parts.push_back(strip(stage, y + 4));
    return y + 54;
  }
  const std::vector<size_t> channels = strongest_channels(stage, kTiles);
  for (size_t i = 0; i < channels.size(); ++i) drawing.parts.push_back(tile(stage, channels[i], i, y, most));
  const auto height = static_cast<double>(stage.shape.height()),
             width = static_cast<double>(stage.shape.width());
  return y + std::max(54.0, kTile * std::min(1.0, height / width) + 10);
}

}  // namespace

bool is_like_a_vector(const Shape& shape) {
  return shape.is_vector() || (shape.is_map() && shape.height() * shape.width() == 1);
}

std::vector<Watched> watched_stages(const std::vector<Stage>& stages, const std::vector<Layer>& layers) {
  std::vector<Watched> watched;
  for (const Stage& stage : stages) {
    if (stage.kind == Kind::input || (stage.kind == Kind::join && !stage.is_output)) continue;
    const std::string times = stage.times == 1 ? "" : fmt::format("{} × ", stage.times);
    const Layer& last = layers[stage.first + stage.count - 1];
    watched.push_back({stage.name, times + stage.what, last.shape, last.nodes});
  }
  return watched;
}

std::vector<size_t> strongest_channels(const Activation& map, size_t count) {
  const size_t pixels = pixels_of(map.shape), channels = map.values.size() / pixels;
  std::vector<double> deviations;
  for (size_t c = 0; c < channels; ++c)
    deviations.push_back(deviation_of(map.values.data() + c * pixels, pixels));
  std::vector<size_t> order(channels);
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return std::isnan(deviations[b]) ? !std::isnan(deviations[a]) : deviations[a] > deviations[b];
  });
  order.resize(std::min(count, order.size()));
  std::sort(order.begin(), order.end());
  return order;
}

Drawing draw_maps(const Activations& all) {
  const std::string title = all.network + ": what it makes of one input";
  Drawing drawing{kPictureWidth, 0, title, {}};
  drawing.parts.push_back({"", {Label{{kMargin, 22}, shortened(title, 78), "title", Anchor::start}}});
  double y = draw_answers(drawing, all, 30) + 34;
  drawing.parts.push_back({"",
                           {Label{{kMargin, y},
                                  "of each stage the channels that differ most from place to place: least "
                                  "value black, greatest white",
                                  "faint",
                                  Anchor::start}}});
  y += 12;
  const size_t count = std::min(all.stages.size(), kMostStages);
  const std::vector<Activation> drawn(all.stages.begin(), all.stages.begin() + static_cast<long>(count));
  const int64_t most = most_pixels(drawn);
  for (const Activation& stage : drawn) y = draw_stage(drawing, stage, y, most);
  if (count < all.stages.size())
    drawing.parts.push_back({"",
                             {Label{{kMargin, y += 14},
                                    fmt::format("and {} stages more", all.stages.size() - count),
                                    "faint",
                                    Anchor::start}}});
  drawing.height = y + 8;
  return drawing;
}

}  // namespace cnnc::picture
