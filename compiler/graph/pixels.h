// What a network reads of pictures, where its text says so: `input image 3x224x224 from rgb8 mean 0.485 0.456
// 0.406 deviation 0.229 0.224 0.225`.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cnnc {

// How pixels lie in memory: bytes of red, green and blue, or in the reverse order; a fourth is passed over;
// grey; a plane of luma with one of chroma behind it. Numbered as in runtime/cnnc_rt.h.
enum class PixelFormat { rgb8 = 1, bgr8, rgba8, bgra8, grey8, nv12 };

// How a picture comes into a size whose sides have another ratio: its middle, which fills all; the whole of
// it, with a level around; or the whole, stretched. Numbered as in runtime/cnnc_rt.h.
enum class Resize { crop, fit, stretch };

// Of an input that is a map. A level of 0 to 255 becomes (level / 255 - mean) / deviation.
struct Pixels {
  PixelFormat format =
      PixelFormat::rgb8;                // that a run gets where it says no other; its order is the channels'
  std::vector<double> mean, deviation;  // of each channel
  Resize resize = Resize::crop;
  int64_t fill = 114;  // the level around a picture that fits in: what detectors are trained with
};
bool operator==(const Pixels& a, const Pixels& b);

// Of the map that they become: 1 or 3.
int64_t channels_of(PixelFormat format);

// "rgb8", and what is called so.
std::string_view name_of(PixelFormat format);
std::optional<PixelFormat> pixel_format_of(std::string_view name);
const std::vector<std::string>& pixel_format_names();
std::string_view name_of(Resize resize);
std::optional<Resize> resize_of_name(std::string_view name);

// The words behind an input's shape: "from rgb8 mean 0.5 deviation 0.25 resize fit". What is usual is left
// out, and a number stands once where it is the same for all channels.
std::string to_string(const Pixels& pixels);

}  // namespace cnnc
