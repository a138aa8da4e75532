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
};

// Of an input that pixels of the format become: of channels x height x width where that fits, else of height
// x width x channels; empty where neither does.
std::optional<PictureShape> picture_shape(const Shape& shape, PixelFormat format);

}  // namespace cnnc
