#include "overlay.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#define STB_IMAGE_WRITE_IMPLEMENTATION
#include <stb/stb_image_write.h>

namespace {

using Colour = std::array<uint8_t, 3>;

constexpr int kZoom = 4;       // side of a pixel's square
constexpr float kDark = 0.4f;  // brightness of what is no digit

// Of the digits 0 to 9: ten hues that are told apart.
constexpr Colour kColours[] = {{230, 60, 60},  {255, 150, 40}, {250, 220, 50}, {150, 220, 50},
                               {40, 170, 80},  {50, 210, 210}, {60, 130, 240}, {150, 90, 240},
                               {240, 90, 220}, {255, 170, 170}};

Colour shade(float brightness) {
  const auto level = static_cast<uint8_t>(std::clamp(brightness, 0.0f, 1.0f) * 255 + 0.5f);
  return {level, level, level};
}

}  // namespace

void write_overlay(const std::string& path, const Grey& grey, const Pixels& mask) {
  std::vector<uint8_t> rgb;
  for (int y = 0; y < grey.height * kZoom; ++y)
    for (int x = 0; x < 2 * grey.width * kZoom; ++x) {
      const int column = x / kZoom % grey.width, row = y / kZoom;
      const bool left = x < grey.width * kZoom;
      const int found = left ? 0 : mask[static_cast<size_t>(row * grey.width + column)];
      const Colour colour =
          found == 0 ? shade(grey.at(column, row) * (left ? 1 : kDark)) : kColours[found - 1];
      rgb.insert(rgb.end(), colour.begin(), colour.end());
    }
  const int width = 2 * grey.width * kZoom, height = grey.height * kZoom;
  if (!stbi_write_png(path.c_str(), width, height, 3, rgb.data(), 3 * width))
    throw std::runtime_error("'" + path + "': cannot be written");
}
