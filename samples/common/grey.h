// Pictures in shades of grey.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

struct Grey {
  int width = 0, height = 0;
  std::vector<float> values;  // rows from the top
  float at(int x, int y) const { return values[static_cast<size_t>(y) * width + x]; }
};

// The brightness of a PNG of any size and colour, 0 = black to 1 = white; what is transparent is white.
// Throws std::runtime_error if the file is missing, not a PNG, or too large.
Grey read_png(const std::string& path);

// How much each pixel differs from the ground on which the picture's object lies, dark on light or the
// reverse: 0 = the ground to 1 = black on white. Throws std::runtime_error, naming the path, if there is
// nothing but ground.
Grey object_of(const Grey& grey, const std::string& path);

// The smallest rectangle that holds all values above `least`; there is one.
Grey crop(const Grey& grey, float least);

// Scales by averaging: a pixel is the mean of the rectangle that it covers.
Grey scale(const Grey& grey, int width, int height);

// Scales so that the longer side is `side`, its shape kept.
Grey fit(const Grey& grey, int side);
