#include "graph/picture_shape.h"

namespace cnnc {

std::optional<PictureShape> picture_shape(const Shape& shape, PixelFormat format) {
  if (!shape.is_map()) return std::nullopt;
  const std::vector<int64_t>& sizes = shape.sizes;
  const int64_t channels = channels_of(format);
  if (sizes[0] == channels) return PictureShape{channels, sizes[1], sizes[2], false};
  if (sizes[2] == channels) return PictureShape{channels, sizes[0], sizes[1], true};
  return std::nullopt;
}

}  // namespace cnnc
