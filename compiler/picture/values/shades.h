// Numbers as pixels.
#pragma once
#include <cstddef>
#include <vector>

#include "graph/shape.h"
#include "picture/png.h"

namespace cnnc::picture {

// The least and the greatest number; NaN and infinities count for nothing. Of none: 0 and 0.
struct Range {
  float least = 0, greatest = 0;
};
Range range_of(const float* values, size_t count);

struct Size {
  int64_t height = 0, width = 0;
};

// No side above `most`, in the same ratio as far as whole pixels have it.
Size size_up_to(Size size, int64_t most);

// A map in grey: the least number black, the greatest white, NaN black. In 32 levels, which eyes hardly tell
// from 256 and which take half the bytes. In a smaller size each pixel is the mean of those that it stands
// for.
Raster in_grey(const float* values, Size from, Size to, const Range& range);

// A picture in another size, which is not larger, and in 32 levels of each colour.
Raster made_smaller(const Raster& raster, Size to);

// A picture in grey, as bright as it was.
Raster without_colours(const Raster& raster);

// Channels x height x width. Of one channel in grey, of three in colours, 0 black and 1 white; of more each
// pixel in the colour of its greatest channel.
Raster raster_of(const Shape& map, const std::vector<float>& values);

// The colour of a class: as far apart as the first sixteen of a terminal, black first. Three bytes.
const uint8_t* colour_of_class(size_t number);

// The numbers of the greatest elements, at most `count`, the greatest first, NaN behind all others.
std::vector<size_t> greatest_of(const std::vector<float>& values, size_t count);

// By pixel of the map the channel with the greatest value.
std::vector<size_t> greatest_channels(const Shape& map, const std::vector<float>& values);

}  // namespace cnnc::picture
