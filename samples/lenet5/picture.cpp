#include "picture.h"

#include <algorithm>
#include <cmath>

#include "grey.h"

namespace {

constexpr int kBox = 20, kSide = 28;
constexpr float kNoise = 0.15f;  // of the strongest ink: less is paper

// 0 = paper, 1 = the strongest ink.
Grey ink_of(const Grey& picture, const std::string& path) {
  Grey ink = object_of(picture, path);
  const float most = *std::max_element(ink.values.begin(), ink.values.end());
  for (float& v : ink.values) v = std::max(0.0f, (v / most - kNoise) / (1 - kNoise));
  return ink;
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
  return centre(fit(crop(ink_of(read_png(path), path), 0), kBox));
}
