#include "emit/library/picture.h"

#include "graph/picture_shape.h"

namespace cnnc {

static_assert(static_cast<int>(PixelFormat::rgb8) == CNNC_RT_RGB8);
static_assert(static_cast<int>(PixelFormat::nv12) == CNNC_RT_NV12);
static_assert(static_cast<int>(Resize::crop) == CNNC_RT_CROP);
static_assert(static_cast<int>(Resize::stretch) == CNNC_RT_STRETCH);

cnnc_rt_picture picture_for(const Pixels& pixels, const Shape& shape, int64_t images) {
  const PictureShape sizes = picture_shape(shape, pixels.format).value();
  cnnc_rt_picture picture = {};
  picture.images = static_cast<int32_t>(images);
  picture.channels = static_cast<int32_t>(sizes.channels);
  picture.height = static_cast<int32_t>(sizes.height);
  picture.width = static_cast<int32_t>(sizes.width);
  picture.format = static_cast<int32_t>(pixels.format);
  picture.resize = static_cast<int32_t>(pixels.resize);
  picture.fill = static_cast<int32_t>(pixels.fill);
  for (size_t c = 0; c < pixels.mean.size(); ++c) {
    picture.scale[c] = static_cast<float>(1 / (255 * pixels.deviation.at(c)));
    picture.shift[c] = static_cast<float>(-pixels.mean[c] / pixels.deviation[c]);
  }
  return picture;
}

}  // namespace cnnc
