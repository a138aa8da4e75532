#include "graph/pixels.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <tuple>

namespace cnnc {
namespace {

const std::vector<std::string>& resize_names() {
  static const std::vector<std::string> names = {"crop", "fit", "stretch"};
  return names;
}

// The place of a name in a list, or empty.
std::optional<size_t> place_of(const std::vector<std::string>& names, std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<size_t>(found - names.begin());
}

// " mean 0.485 0.456 0.406", or nothing where all are the usual number.
std::string numbers(std::string_view word, const std::vector<double>& values, double usual) {
  const auto all_are = [&](double number) {
    return std::all_of(values.begin(), values.end(), [&](double value) { return value == number; });
  };
  if (all_are(usual)) return "";
  std::vector<std::string> texts;
  for (const double value : values)
    texts.push_back(value < 0 ? fmt::format("({})", value) : fmt::format("{}", value));
  if (all_are(values[0])) texts.resize(1);
  return fmt::format(" {} {}", word, fmt::join(texts, " "));
}

}  // namespace

bool operator==(const Pixels& a, const Pixels& b) {
  return std::tie(a.format, a.mean, a.deviation, a.resize, a.fill) ==
         std::tie(b.format, b.mean, b.deviation, b.resize, b.fill);
}

int64_t channels_of(PixelFormat format) {
  return format == PixelFormat::grey8 ? 1 : 3;
}

const std::vector<std::string>& pixel_format_names() {
  static const std::vector<std::string> names = {"rgb8", "bgr8", "rgba8", "bgra8", "grey8", "nv12"};
  return names;
}

std::string_view name_of(PixelFormat format) {
  return pixel_format_names().at(static_cast<size_t>(format) - 1);
}

std::optional<PixelFormat> pixel_format_of(std::string_view name) {
  const auto place = place_of(pixel_format_names(), name);
  return place ? std::optional(static_cast<PixelFormat>(*place + 1)) : std::nullopt;
}

std::string_view name_of(Resize resize) {
  return resize_names().at(static_cast<size_t>(resize));
}

std::optional<Resize> resize_of_name(std::string_view name) {
  const auto place = place_of(resize_names(), name);
  return place ? std::optional(static_cast<Resize>(*place)) : std::nullopt;
}

std::string to_string(const Pixels& pixels) {
  const Pixels usual;
  std::string text = fmt::format("from {}", name_of(pixels.format));
  text += numbers("mean", pixels.mean, 0) + numbers("deviation", pixels.deviation, 1);
  if (pixels.resize != usual.resize) text += fmt::format(" resize {}", name_of(pixels.resize));
  if (pixels.fill != usual.fill) text += fmt::format(" fill {}", pixels.fill);
  return text;
}

}  // namespace cnnc
