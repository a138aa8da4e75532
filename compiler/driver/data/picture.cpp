#include "driver/data/picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "driver/console/input_error.h"
#include "support/input_file.h"

#define STBI_ONLY_PNG
#define STBI_ONLY_JPEG
#define STBI_ONLY_BMP
#define STB_IMAGE_STATIC
#define STB_IMAGE_IMPLEMENTATION
#include <stb/stb_image.h>

namespace cnnc {
namespace {

constexpr int64_t kMostPixels = int64_t{1} << 26;
constexpr int64_t kMostFileBytes = int64_t{1} << 29;

[[noreturn]] void fail(const std::string& path, const std::string& reason) {
  throw InputError{fmt::format("{}: error: {}\n", path, reason)};
}

// Why stb_image failed. It may quote bytes of the file, which a terminal should not see.
std::string reason() {
  std::string text = stbi_failure_reason();
  for (char& c : text)
    if (c < ' ' || c > '~') c = '?';
  return text;
}

std::string file_bytes(const std::string& path) {
  const InputFile file(path);
  if (std::string fault = file.fault("the picture", "a picture"); !fault.empty()) fail(path, fault);
  if (file.bytes() > kMostFileBytes)
    fail(path, fmt::format("the picture has {} bytes; the limit is {}", file.bytes(), kMostFileBytes));
  return file.start(file.bytes());
}

}  // namespace

Picture read_picture(const std::string& path, int channels) {
  const std::string bytes = file_bytes(path);
  const auto* start = reinterpret_cast<const stbi_uc*>(bytes.data());
  const int size = static_cast<int>(bytes.size());
  Picture picture;
  picture.channels = channels;
  int channels_of_file = 0;
  if (!stbi_info_from_memory(start, size, &picture.width, &picture.height, &channels_of_file))
    fail(path, fmt::format("this is no PNG, JPEG or BMP picture that can be read ({})", reason()));
  if (int64_t{picture.width} * picture.height > kMostPixels)
    fail(path, fmt::format("the picture has {} x {} pixels; the limit is {} in all", picture.width,
                           picture.height, kMostPixels));
  const std::unique_ptr<stbi_uc, void (*)(void*)> pixels(
      stbi_load_from_memory(start, size, &picture.width, &picture.height, &channels_of_file, channels),
      stbi_image_free);
  if (!pixels) fail(path, fmt::format("the picture is damaged ({})", reason()));
  picture.bytes.assign(pixels.get(),
                       pixels.get() + int64_t{picture.width} * picture.height * picture.channels);
  return picture;
}

}  // namespace cnnc
