#include "driver/data/answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "driver/console/input_error.h"
#include "picture/values/shades.h"
#include "support/input_file.h"

namespace cnnc {
namespace {

std::string top_lines(const std::vector<float>& values, size_t top, const std::vector<std::string>& labels) {
  std::string text;
  for (const size_t i : picture::greatest_of(values, top))
    text += fmt::format("  {:>8.4f}  {}{}\n", values[i], i,
                        labels.size() == values.size() ? " " + labels[i] : "");
  return text;
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
  return picture::raster_of(shape, values);
}

}  // namespace cnnc
