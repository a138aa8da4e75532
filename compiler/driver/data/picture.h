// Pictures from files, in the size that a network wants.
#pragma once
#include <string>

#include "picture/png.h"

namespace cnnc {

using Picture = picture::Raster;
using picture::png_bytes;

// A PNG, JPEG or BMP file, its transparency left out, as grey (ITU-R BT.601) or in colours, by stb_image.
// Throws InputError for a file that cannot be read, is damaged, or has more than 64 million pixels.
Picture read_picture(const std::string& path, int channels);

}  // namespace cnnc
