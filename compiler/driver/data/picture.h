// Pictures from files, in the size that a network wants.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "driver/options/options.h"

namespace cnnc {

struct Picture {
  int width = 0, height = 0, channels = 0;  // grey: 1, red, green, blue: 3
  std::vector<uint8_t> bytes;               // rows, in each the pixels, in each the channels
};

// Whether the name ends as that of a picture that can be read: .png, .jpg, .jpeg, .bmp.
bool is_picture(const std::string& path);

// A PNG, JPEG or BMP file, its transparency left out, as grey (ITU-R BT.601) or in colours, by stb_image.
// Throws InputError for a file that cannot be read, is damaged, or has more than 64 million pixels.
Picture read_picture(const std::string& path, int channels);

// The PNG file of a picture with one or three channels.
std::string png_bytes(const Picture& picture);

}  // namespace cnnc
