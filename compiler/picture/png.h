// Pictures of pixels, and the PNG files that hold them.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace cnnc::picture {

struct Raster {
  int width = 0, height = 0,
      channels = 0;            // grey: 1, red, green, blue: 3; and how opaque it is, 255 wholly: 4
  std::vector<uint8_t> bytes;  // rows, in each the pixels, in each the channels
};

// The PNG file of a picture, by stb_image_write: the same bytes for the same pixels.
std::string png_bytes(const Raster& raster);

// RFC 4648, section 4: what a data URI holds bytes as.
std::string base64(const std::string& bytes);

}  // namespace cnnc::picture
