#include "driver/data/answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <sstream>

#include "driver/console/input_error.h"
#include "support/input_file.h"

namespace cnnc {
namespace {

// Colours of classes: as far apart as the first sixteen of a terminal, black first.
constexpr uint8_t kColours[][3] = {{0, 0, 0},       {230, 25, 75},  {60, 180, 75},   {255, 225, 25},
                                   {0, 130, 200},   {245, 130, 48}, {145, 30, 180},  {70, 240, 240},
                                   {240, 50, 230},  {210, 245, 60}, {250, 190, 212}, {0, 128, 128},
                                   {220, 190, 255}, {170, 110, 40}, {255, 250, 200}, {128, 0, 0}};

// NaN behind all numbers.
bool is_greater(float a, float b) {
  return std::isnan(b) ? !std::isnan(a) : a > b;
}

std::string top_lines(const std::vector<float>& values, size_t top, const std::vector<std::string>& labels) {
  std::vector<size_t> order(values.size());
  std::iota(order.begin(), order.end(), size_t{0});
  const size_t count = std::min(top, order.size());
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return is_greater(values[a], values[b]); });
  std::string text;
  for (size_t i = 0; i < count; ++i)
    text += fmt::format("  {:>8.4f}  {}{}\n", values[order[i]], order[i],
                        labels.size() == values.size() ? " " + labels[order[i]] : "");
  return text;
}

uint8_t level(float value) {
  return static_cast<uint8_t>(std::lround(std::clamp(std::isnan(value) ? 0.0f : value, 0.0f, 1.0f) * 255));
}

}  // namespace

std::vector<std::string> read_labels(const std::string& path) {
  const InputFile file(path);
  if (std::string fault = file.fault("the labels", "a text with a label a line"); !fault.empty())
    throw InputError{fmt::format("{}: error: {}\n", path, fault)};
  std::istringstream text(file.start(file.bytes()));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    lines.push_back(line);
  }
  return lines;
}

std::string answer(const Shape& shape, const std::vector<float>& values, size_t top,
                   const std::vector<std::string>& labels) {
  if (shape.is_vector()) return top_lines(values, top, labels);
  const auto [least, greatest] = std::minmax_element(values.begin(), values.end());
  return fmt::format("  {} floats from {:.4g} to {:.4g}\n", to_string(shape), *least, *greatest);
}

Picture picture_of(const Shape& shape, const std::vector<float>& values, const std::string& path) {
  if (!shape.is_map())
    throw InputError{
        fmt::format("{}: error: the output is {}, and a picture is made of a map: channels, height "
                    "and width. Write '-o FILE.npy'\n",
                    path, to_string(shape))};
  const auto channels = static_cast<size_t>(shape.channels());
  const auto pixels = static_cast<size_t>(shape.height() * shape.width());
  Picture picture{
      static_cast<int>(shape.width()), static_cast<int>(shape.height()), channels == 1 ? 1 : 3, {}};
  for (size_t i = 0; i < pixels; ++i) {
    size_t best = 0;
    for (size_t c = 1; c < channels; ++c)
      if (is_greater(values[c * pixels + i], values[best * pixels + i])) best = c;
    for (int c = 0; c < picture.channels; ++c)
      picture.bytes.push_back(channels == 1 || channels == 3
                                  ? level(values[static_cast<size_t>(c) * pixels + i])
                                  : kColours[best % std::size(kColours)][c]);
  }
  return picture;
}

}  // namespace cnnc
