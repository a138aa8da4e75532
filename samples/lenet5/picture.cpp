#include "picture.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <vector>

#define STBI_ONLY_PNG
#define STB_IMAGE_IMPLEMENTATION
#include <stb/stb_image.h>

namespace {

constexpr int kBox = 20, kSide = 28;
constexpr int64_t kMostPixels = int64_t{1} << 26;
constexpr float kLeastContrast = 0.1f;  // of ink to paper, where black to white is 1
constexpr float kNoise = 0.15f;         // of the strongest ink: less is paper

struct Grey {
  int width = 0, height = 0;
  std::vector<float> values;  // rows from the top
  float at(int x, int y) const { return values[static_cast<size_t>(y) * width + x]; }
};

[[noreturn]] void fail(const std::string& path, const std::string& reason) {
  throw std::runtime_error("'" + path + "': " + reason);
}

// Why stb_image failed. It may quote bytes of the file, which a terminal should not see.
std::string reason() {
  std::string text = stbi_failure_reason();
  for (char& c : text)
    if (c < ' ' || c > '~') c = '?';
  return text;
}

// The picture's brightness, 0 = black to 1 = white; what is transparent is white.
Grey read_png(const std::string& path) {
  if (!std::ifstream(path)) fail(path, "cannot be read");
  Grey grey;
  int channels = 0;
  if (!stbi_info(path.c_str(), &grey.width, &grey.height, &channels))
    fail(path, "not a readable PNG file (" + reason() + ")");
  const int64_t pixels = int64_t{grey.width} * grey.height;
  if (pixels > kMostPixels) fail(path, "more than 64 million pixels");
  const std::unique_ptr<stbi_uc, void (*)(void*)> rgba(
      stbi_load(path.c_str(), &grey.width, &grey.height, &channels, 4), stbi_image_free);
  if (!rgba) fail(path, "a damaged PNG file (" + reason() + ")");
  for (int64_t i = 0; i < pixels; ++i) {
    const stbi_uc* p = rgba.get() + 4 * i;
    const float luma = (0.299f * p[0] + 0.587f * p[1] + 0.114f * p[2]) / 255,
                alpha = p[3] / 255.0f;  // ITU-R BT.601
    grey.values.push_back(luma * alpha + 1 - alpha);
  }
  return grey;
}

// The median of the outermost pixels.
float paper_of(const Grey& grey) {
  std::vector<float> edge;
  for (int x = 0; x < grey.width; ++x) edge.insert(edge.end(), {grey.at(x, 0), grey.at(x, grey.height - 1)});
  for (int y = 0; y < grey.height; ++y) edge.insert(edge.end(), {grey.at(0, y), grey.at(grey.width - 1, y)});
  std::nth_element(edge.begin(), edge.begin() + edge.size() / 2, edge.end());
  return edge[edge.size() / 2];
}

// Brightness → ink: 0 = paper, 1 = the strongest ink.
Grey ink_of(Grey grey, const std::string& path) {
  const float paper = paper_of(grey);
  const bool dark_ink = paper > 0.5f;
  for (float& v : grey.values) v = dark_ink ? paper - v : v - paper;
  const float most = *std::max_element(grey.values.begin(), grey.values.end());
  if (most < kLeastContrast) fail(path, "no digit: all of it looks like paper");
  for (float& v : grey.values) v = std::max(0.0f, (v / most - kNoise) / (1 - kNoise));
  return grey;
}

// The smallest rectangle that holds all ink.
Grey crop(const Grey& ink) {
  int left = ink.width, right = -1, top = ink.height, bottom = -1;
  for (int y = 0; y < ink.height; ++y)
    for (int x = 0; x < ink.width; ++x)
      if (ink.at(x, y) > 0) {
        left = std::min(left, x), right = std::max(right, x);
        top = std::min(top, y), bottom = std::max(bottom, y);
      }
  Grey result{right - left + 1, bottom - top + 1, {}};
  for (int y = top; y <= bottom; ++y)
    for (int x = left; x <= right; ++x) result.values.push_back(ink.at(x, y));
  return result;
}

// Scales the width, by averaging: a pixel is the mean of the stretch of the row that it covers. The result is
// transposed, so that doing it twice scales both.
Grey scale_width_transposed(const Grey& from, int width) {
  Grey to{from.height, width, {}};
  const double step = static_cast<double>(from.width) / width;
  for (int x = 0; x < width; ++x)
    for (int y = 0; y < from.height; ++y) {
      const double begin = x * step, end = std::min((x + 1) * step, static_cast<double>(from.width));
      double sum = 0;
      for (int i = static_cast<int>(begin); i < end; ++i)
        sum += from.at(i, y) * (std::min(end, i + 1.0) - std::max(begin, static_cast<double>(i)));
      to.values.push_back(static_cast<float>(sum / (end - begin)));
    }
  return to;
}

// Into the box of 20x20, its shape kept.
Grey fit(const Grey& ink) {
  const double scale = static_cast<double>(kBox) / std::max(ink.width, ink.height);
  const int width = std::max(1, static_cast<int>(std::lround(ink.width * scale)));
  const int height = std::max(1, static_cast<int>(std::lround(ink.height * scale)));
  return scale_width_transposed(scale_width_transposed(ink, width), height);
}

// Into the middle of 28x28, by its centre of mass.
lenet5::Digit centre(const Grey& ink) {
  double mass = 0, mass_x = 0, mass_y = 0;
  for (int y = 0; y < ink.height; ++y)
    for (int x = 0; x < ink.width; ++x) {
      mass += ink.at(x, y);
      mass_x += ink.at(x, y) * (x + 0.5);
      mass_y += ink.at(x, y) * (y + 0.5);
    }
  const int left = std::clamp(static_cast<int>(std::lround(kSide / 2 - mass_x / mass)), 0, kSide - ink.width);
  const int top = std::clamp(static_cast<int>(std::lround(kSide / 2 - mass_y / mass)), 0, kSide - ink.height);
  lenet5::Digit digit;
  for (int y = 0; y < ink.height; ++y)
    for (int x = 0; x < ink.width; ++x) digit(0, top + y, left + x) = ink.at(x, y);
  return digit;
}

}  // namespace

lenet5::Digit read_digit(const std::string& path) {
  return centre(fit(crop(ink_of(read_png(path), path))));
}
