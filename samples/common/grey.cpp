#include "grey.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <memory>
#include <stdexcept>

#define STBI_ONLY_PNG
#define STB_IMAGE_IMPLEMENTATION
#include <stb/stb_image.h>

namespace {

constexpr int64_t kMostPixels = int64_t{1} << 26;
constexpr float kLeastContrast = 0.1f;  // of the object to the ground, where black to white is 1

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

// The median of the outermost pixels.
float ground_of(const Grey& grey) {
  std::vector<float> edge;
  for (int x = 0; x < grey.width; ++x) edge.insert(edge.end(), {grey.at(x, 0), grey.at(x, grey.height - 1)});
  for (int y = 0; y < grey.height; ++y) edge.insert(edge.end(), {grey.at(0, y), grey.at(grey.width - 1, y)});
  const auto middle = edge.begin() + static_cast<std::ptrdiff_t>(edge.size() / 2);
  std::nth_element(edge.begin(), middle, edge.end());
  return *middle;
}

// Scales the width. The result is transposed, so that doing it twice scales both.
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

}  // namespace

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

Grey object_of(const Grey& grey, const std::string& path) {
  const float ground = ground_of(grey);
  const bool dark_object = ground > 0.5f;
  Grey object = grey;
  for (float& v : object.values) v = std::max(0.0f, dark_object ? ground - v : v - ground);
  if (*std::max_element(object.values.begin(), object.values.end()) < kLeastContrast)
    fail(path, "nothing to see: all of it looks like the ground");
  return object;
}

Grey crop(const Grey& grey, float least) {
  int left = grey.width, right = -1, top = grey.height, bottom = -1;
  for (int y = 0; y < grey.height; ++y)
    for (int x = 0; x < grey.width; ++x)
      if (grey.at(x, y) > least) {
        left = std::min(left, x), right = std::max(right, x);
        top = std::min(top, y), bottom = std::max(bottom, y);
      }
  Grey result{right - left + 1, bottom - top + 1, {}};
  for (int y = top; y <= bottom; ++y)
    for (int x = left; x <= right; ++x) result.values.push_back(grey.at(x, y));
  return result;
}

Grey scale(const Grey& grey, int width, int height) {
  return scale_width_transposed(scale_width_transposed(grey, width), height);
}

Grey fit(const Grey& grey, int side) {
  const double factor = static_cast<double>(side) / std::max(grey.width, grey.height);
  return scale(grey, std::max(1, static_cast<int>(std::lround(grey.width * factor))),
               std::max(1, static_cast<int>(std::lround(grey.height * factor))));
}
