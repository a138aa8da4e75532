// Where the channels, rows and columns of a picture stand in the shape of the input that it becomes.
#pragma once
#include <cstdint>
#include <optional>

#include "graph/pixels.h"
#include "graph/shape.h"

namespace cnnc {

struct PictureShape {
  int64_t channels = 0, height = 0, width = 0;
  bool is_channels_last = false;  // height x width x channels, else channels x height x width

  // Elements from a channel of a pixel to the next one, and from a pixel to the next one of its row.
  int64_t channel_step() const { return is_channels_last ? 1 : height * width; }
  int64_t pixel_step() const { return is_channels_last ? channels : 1; }
};

// Of an input that pixels of the format become: of channels x height x width where that fits, else of height
// x width x channels; empty where neither does.
std::optional<PictureShape> picture_shape(const Shape& shape, PixelFormat format);

}  // namespace cnnc
