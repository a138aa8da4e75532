#include "driver/data/inputs.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>

#include "driver/console/input_error.h"
#include "driver/data/npy.h"
#include "driver/data/picture.h"
#include "driver/options/option_values.h"
#include "emit/library/picture.h"
#include "picture/values/shades.h"
#include "weights/weights.h"

namespace cnnc {
namespace {

[[noreturn]] void fail(const std::string& path, const std::string& reason) {
  throw InputError{fmt::format("{}: error: {}\n", path, reason)};
}

std::vector<int64_t> without_ones(std::vector<int64_t> sizes) {
  sizes.erase(std::remove(sizes.begin(), sizes.end(), 1), sizes.end());
  return sizes;
}

// What to do with an array of many inputs.
std::string hint_of_many(const std::vector<int64_t>& sizes, const Shape& shape) {
  const bool has_many =
      !sizes.empty() && without_ones({sizes.begin() + 1, sizes.end()}) == without_ones(shape.sizes);
  return has_many ? fmt::format(
                        "\n  hint: these look like {} inputs behind each other: write each into a "
                        "file of its own",
                        sizes[0])
                  : "";
}

std::vector<float> array_values(const std::string& path, const std::string& input, const Shape& shape) {
  Array array = read_npy(path);
  if (without_ones(array.sizes) != without_ones(shape.sizes))
    fail(path, fmt::format("the array is {}, and the input '{}' {}{}", fmt::join(array.sizes, "x"), input,
                           to_string(shape), hint_of_many(array.sizes, shape)));
  return std::move(array.values);
}

// The tensor of the input's name, or the only one of the file.
std::vector<float> safetensors_values(const std::string& path, const std::string& input, const Shape& shape) {
  Diagnostics diagnostics;
  const auto tensors = read_safetensors(path, diagnostics);
  if (!tensors) throw InputError{render(diagnostics, Source{path, ""}, false)};
  const auto named = tensors->find(input);
  if (named == tensors->end() && tensors->size() != 1)
    fail(path, fmt::format("there are {} tensors, and none is called '{}' as the input is", tensors->size(),
                           input));
  const NamedTensor& tensor = named != tensors->end() ? named->second : tensors->begin()->second;
  if (without_ones(tensor.shape.sizes) != without_ones(shape.sizes))
    fail(path, fmt::format("the tensor is {}, and the input '{}' {}{}", to_string(tensor.shape), input,
                           to_string(shape), hint_of_many(tensor.shape.sizes, shape)));
  if (!tensor.values) fail(path, fmt::format("the tensor is of {}; F32, F16 and BF16 are read", tensor.type));
  return *tensor.values;
}

std::vector<double> for_channels(const std::string& option, std::vector<double> numbers, double usual,
                                 int64_t channels) {
  if (numbers.empty()) numbers = {usual};
  if (numbers.size() == 1) numbers.assign(static_cast<size_t>(channels), numbers[0]);
  if (static_cast<int64_t>(numbers.size()) != channels)
    throw UsageError{fmt::format("'{}' has {} numbers, and the picture that the network reads {}", option,
                                 numbers.size(),
                                 channels == 1 ? "1 channel" : fmt::format("{} channels", channels))};
  return numbers;
}

// What the command line says, as a text would.
Pixels pixels_of(const PictureOptions& options, int64_t channels) {
  Pixels pixels;
  pixels.format = channels == 1 ? PixelFormat::grey8 : options.bgr ? PixelFormat::bgr8 : PixelFormat::rgb8;
  pixels.mean = for_channels("--mean", options.mean, 0, channels);
  pixels.deviation = for_channels("--deviation", options.deviation, 1, channels);
  pixels.resize = options.resize.value_or(Resize::crop);
  return pixels;
}

void refuse_options(const PictureOptions& options, const std::string& input, const Pixels& of_text) {
  const char* given = !options.mean.empty()        ? "--mean"
                      : !options.deviation.empty() ? "--deviation"
                      : options.resize             ? "--resize"
                      : options.bgr                ? "--bgr"
                                                   : nullptr;
  if (given)
    throw UsageError{
        fmt::format("'{}' has no meaning here: the network's text says how '{}' is made of pictures, '{}'",
                    given, input, to_string(of_text))};
}

// Of one or three channels; only a text can say so.
bool may_be_channels_last(const Shape& shape) {
  return shape.is_map() && (shape.sizes[2] == 1 || shape.sizes[2] == 3);
}

// As a library reads pictures.
std::vector<float> picture_values(const std::string& path, const std::string& input, const Shape& shape,
                                  const PictureOptions& options, const Pixels* of_text) {
  const std::optional<PictureShape> found = picture_shape_of(shape, of_text);
  if (!found)
    fail(path,
         fmt::format("the input '{}' is {}; a picture becomes a map with one or three channels. Give an "
                     "array, FILE.npy{}{}",
                     input, to_string(shape), may_be_channels_last(shape) ? "; " : "",
                     way_to_channels_last(shape)));
  if (of_text) refuse_options(options, input, *of_text);
  const Pixels pixels = of_text ? *of_text : pixels_of(options, found->channels);
  const PictureShape& sizes = *found;
  const Picture picture = read_picture(path, static_cast<int>(sizes.channels));
  const cnnc_rt_picture wanted = picture_for(pixels, shape, 1);
  std::vector<float> values(static_cast<size_t>(shape.elements()));
  const int format = picture.channels == 1 ? CNNC_RT_GREY8 : CNNC_RT_RGB8;
  const auto read = sizes.is_channels_last ? cnnc_rt_read_pixels_channels_last : cnnc_rt_read_pixels;
  if (read(picture.bytes.data(), picture.width, picture.height, 0, format, &wanted, values.data()) !=
      CNNC_RT_OK)
    fail(path, fmt::format("the picture is {} x {}; at most 500 times the network's {} x {} is read",
                           picture.width, picture.height, sizes.width, sizes.height));
  return values;
}

// With which `value * deviation + mean` of an array's values are 0 to 1.
Pixels pixels_of_array(const std::vector<float>& values, int64_t count) {
  const picture::Range range = picture::range_of(values.data(), values.size());
  const auto channels = static_cast<size_t>(count);
  const double whole = std::max(static_cast<double>(range.greatest) - range.least, 1e-30);
  return {PixelFormat::rgb8, std::vector<double>(channels, -range.least / whole),
          std::vector<double>(channels, 1 / whole)};
}

}  // namespace

std::string way_to_channels_last(const Shape& shape) {
  if (!may_be_channels_last(shape)) return "";
  return fmt::format(
      "where it is height x width x channels, write 'from {}' behind the input in the network's text ('cnnc "
      "import' makes one of an ONNX model)",
      shape.sizes[2] == 1 ? "grey8" : "rgb8");
}

std::optional<PictureShape> picture_shape_of(const Shape& shape, const Pixels* of_text) {
  if (of_text) return picture_shape(shape, of_text->format);
  if (!shape.is_map() || (shape.channels() != 1 && shape.channels() != 3)) return std::nullopt;
  return PictureShape{shape.channels(), shape.height(), shape.width(), false};
}

picture::Raster as_picture(const std::string& path, const std::vector<float>& values, const Shape& shape,
                           const PictureOptions& options, const Pixels* of_text) {
  const PictureShape sizes = picture_shape_of(shape, of_text).value();
  const Pixels pixels = !is_picture(path) ? pixels_of_array(values, sizes.channels)
                        : of_text         ? *of_text
                                          : pixels_of(options, sizes.channels);
  const bool is_bgr = pixels.format == PixelFormat::bgr8 || pixels.format == PixelFormat::bgra8;
  const int64_t count = sizes.height * sizes.width;
  std::vector<float> levels(values.size());
  for (int64_t c = 0; c < sizes.channels; ++c)
    for (int64_t i = 0; i < count; ++i) {
      const float value = values[static_cast<size_t>(c * sizes.channel_step() + i * sizes.pixel_step())];
      const auto channel = static_cast<size_t>(c);
      levels[static_cast<size_t>((is_bgr ? sizes.channels - 1 - c : c) * count + i)] =
          static_cast<float>(value * pixels.deviation[channel] + pixels.mean[channel]);
    }
  return picture::raster_of({sizes.channels, sizes.height, sizes.width}, levels);
}

std::vector<float> input_values(const std::string& path, const std::string& input, const Shape& shape,
                                const PictureOptions& options, const Pixels* of_text) {
  if (is_picture(path)) return picture_values(path, input, shape, options, of_text);
  const std::string suffix = std::filesystem::path(path).extension().string();
  if (suffix == ".npy") return array_values(path, input, shape);
  if (suffix == ".safetensors") return safetensors_values(path, input, shape);
  fail(path, "this is neither a picture (.png, .jpg, .jpeg, .bmp) nor an array (.npy, .safetensors)");
}

}  // namespace cnnc
