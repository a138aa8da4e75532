#include "driver/data/inputs.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>

#include "driver/console/input_error.h"
#include "driver/data/npy.h"
#include "driver/data/picture.h"

namespace cnnc {
namespace {

[[noreturn]] void fail(const std::string& path, const std::string& reason) {
  throw InputError{fmt::format("{}: error: {}\n", path, reason)};
}

std::vector<int64_t> without_ones(std::vector<int64_t> sizes) {
  sizes.erase(std::remove(sizes.begin(), sizes.end(), 1), sizes.end());
  return sizes;
}

std::vector<float> array_values(const std::string& path, const std::string& input, const Shape& shape) {
  Array array = read_npy(path);
  if (without_ones(array.sizes) != without_ones(shape.sizes))
    fail(path, fmt::format("the array is {}, and the input '{}' {}", fmt::join(array.sizes, "x"), input,
                           to_string(shape)));
  return std::move(array.values);
}

float of_channel(const std::string& option, const std::vector<float>& numbers, int64_t channel,
                 int64_t channels) {
  if (numbers.size() == 1) return numbers[0];
  if (static_cast<int64_t>(numbers.size()) != channels)
    throw UsageError{fmt::format("'{}' has {} numbers, and the picture that the network reads {}", option,
                                 numbers.size(),
                                 channels == 1 ? "1 channel" : fmt::format("{} channels", channels))};
  return numbers[static_cast<size_t>(channel)];
}

// From rows of pixels to one map a channel.
std::vector<float> picture_values(const std::string& path, const std::string& input, const Shape& shape,
                                  const PictureOptions& options) {
  if (!shape.is_map() || (shape.channels() != 1 && shape.channels() != 3))
    fail(path,
         fmt::format("the input '{}' is {}; a picture becomes a map with one or three channels. Give an "
                     "array, FILE.npy",
                     input, to_string(shape)));
  const int channels = static_cast<int>(shape.channels());
  const Picture picture = resized(read_picture(path, channels), static_cast<int>(shape.width()),
                                  static_cast<int>(shape.height()), options.resize);
  std::vector<float> values;
  for (int channel = 0; channel < channels; ++channel) {
    const float mean = of_channel("--mean", options.mean, channel, channels),
                deviation = of_channel("--deviation", options.deviation, channel, channels);
    const int from = options.bgr ? channels - 1 - channel : channel;
    for (size_t i = static_cast<size_t>(from); i < picture.bytes.size(); i += static_cast<size_t>(channels))
      values.push_back((static_cast<float>(picture.bytes[i]) / 255 - mean) / deviation);
  }
  return values;
}

}  // namespace

std::vector<float> input_values(const std::string& path, const std::string& input, const Shape& shape,
                                const PictureOptions& options) {
  if (is_picture(path)) return picture_values(path, input, shape, options);
  if (std::filesystem::path(path).extension() == ".npy") return array_values(path, input, shape);
  fail(path, "this is neither a picture (.png, .jpg, .jpeg, .bmp) nor an array (.npy)");
}

}  // namespace cnnc
