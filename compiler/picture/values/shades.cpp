#include "picture/values/shades.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>

namespace cnnc::picture {
namespace {

constexpr uint8_t kColours[][3] = {{0, 0, 0},       {230, 25, 75},  {60, 180, 75},   {255, 225, 25},
                                   {0, 130, 200},   {245, 130, 48}, {145, 30, 180},  {70, 240, 240},
                                   {240, 50, 230},  {210, 245, 60}, {250, 190, 212}, {0, 128, 128},
                                   {220, 190, 255}, {170, 110, 40}, {255, 250, 200}, {128, 0, 0}};

// NaN behind all numbers.
bool is_greater(float a, float b) {
  return std::isnan(b) ? !std::isnan(a) : a > b;
}

uint8_t level(double part) {
  return static_cast<uint8_t>(std::lround(std::clamp(std::isnan(part) ? 0.0 : part, 0.0, 1.0) * 255));
}

// Of 32 levels.
uint8_t coarse_level(double part) {
  return static_cast<uint8_t>(std::lround(std::lround(level(part) * 31 / 255.0) * 255 / 31.0));
}

// The mean of the pixels that a pixel of the smaller picture stands for. `value(y, x)` is one of them.
template <class Value>
double mean_of(Size from, Size to, int64_t y, int64_t x, const Value& value) {
  const int64_t top = y * from.height / to.height, bottom = (y + 1) * from.height / to.height;
  const int64_t left = x * from.width / to.width, right = (x + 1) * from.width / to.width;
  double sum = 0;
  for (int64_t j = top; j < bottom; ++j)
    for (int64_t i = left; i < right; ++i) sum += value(j, i);
  return sum / static_cast<double>((bottom - top) * (right - left));
}

Raster blank(Size size, int channels) {
  return {static_cast<int>(size.width), static_cast<int>(size.height), channels, {}};
}

}  // namespace

Size size_up_to(Size size, int64_t most) {
  const int64_t side = std::max(size.height, size.width);
  if (side <= most) return size;
  return {std::max<int64_t>(1, size.height * most / side), std::max<int64_t>(1, size.width * most / side)};
}

Range range_of(const float* values, size_t count) {
  Range range;
  bool some = false;
  for (size_t i = 0; i < count; ++i) {
    if (!std::isfinite(values[i])) continue;
    range.least = some ? std::min(range.least, values[i]) : values[i];
    range.greatest = some ? std::max(range.greatest, values[i]) : values[i];
    some = true;
  }
  return range;
}

Raster in_grey(const float* values, Size from, Size to, const Range& range) {
  const double whole = static_cast<double>(range.greatest) - range.least;
  Raster raster = blank(to, 1);
  for (int64_t y = 0; y < to.height; ++y)
    for (int64_t x = 0; x < to.width; ++x) {
      const double mean =
          mean_of(from, to, y, x, [&](int64_t j, int64_t i) { return double{values[j * from.width + i]}; });
      raster.bytes.push_back(coarse_level(whole > 0 ? (mean - range.least) / whole : 0));
    }
  return raster;
}

Raster made_smaller(const Raster& raster, Size to) {
  const Size from{raster.height, raster.width};
  Raster small = blank(to, raster.channels);
  for (int64_t y = 0; y < to.height; ++y)
    for (int64_t x = 0; x < to.width; ++x)
      for (int c = 0; c < raster.channels; ++c)
        small.bytes.push_back(coarse_level(mean_of(from, to, y, x, [&](int64_t j, int64_t i) {
          return raster.bytes[static_cast<size_t>((j * from.width + i) * raster.channels + c)] / 255.0;
        })));
  return small;
}

Raster without_colours(const Raster& raster) {
  if (raster.channels == 1) return raster;
  Raster grey{raster.width, raster.height, 1, {}};
  for (size_t i = 0; i + 2 < raster.bytes.size(); i += 3)  // ITU-R BT.601
    grey.bytes.push_back(coarse_level(
        (0.299 * raster.bytes[i] + 0.587 * raster.bytes[i + 1] + 0.114 * raster.bytes[i + 2]) / 255));
  return grey;
}

const uint8_t* colour_of_class(size_t number) {
  return kColours[number % std::size(kColours)];
}

std::vector<size_t> greatest_of(const std::vector<float>& values, size_t count) {
  std::vector<size_t> order(values.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return is_greater(values[a], values[b]); });
  order.resize(std::min(count, order.size()));
  return order;
}

std::vector<size_t> greatest_channels(const Shape& map, const std::vector<float>& values) {
  const auto pixels = static_cast<size_t>(map.height() * map.width());
  std::vector<size_t> best(pixels);
  for (size_t c = 1; c < static_cast<size_t>(map.channels()); ++c)
    for (size_t i = 0; i < pixels; ++i)
      if (is_greater(values[c * pixels + i], values[best[i] * pixels + i])) best[i] = c;
  return best;
}

Raster raster_of(const Shape& map, const std::vector<float>& values) {
  const auto channels = static_cast<size_t>(map.channels());
  const auto pixels = static_cast<size_t>(map.height() * map.width());
  const bool is_picture = channels == 1 || channels == 3;
  const std::vector<size_t> best = is_picture ? std::vector<size_t>() : greatest_channels(map, values);
  Raster raster = blank({map.height(), map.width()}, channels == 1 ? 1 : 3);
  for (size_t i = 0; i < pixels; ++i)
    for (int c = 0; c < raster.channels; ++c)
      raster.bytes.push_back(is_picture ? level(values[static_cast<size_t>(c) * pixels + i])
                                        : colour_of_class(best[i])[c]);
  return raster;
}

}  // namespace cnnc::picture
