#include "driver/options/network_options.h"

#include <fmt/format.h>

#include <algorithm>

#include "driver/options/option_values.h"

namespace cnnc {
namespace {

// The values of an ONNX model that an option names.
std::vector<std::string> names_of(const std::string& option, const std::vector<std::string>& words,
                                  const std::string& model) {
  if (!words.empty() && !is_onnx(model))
    throw UsageError{fmt::format("'{}' cuts an ONNX model; in a text the statement '{}' says it", option,
                                 option.substr(2))};
  for (size_t i = 0; i < words.size(); ++i)
    if (std::find(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(i), words[i]) !=
        words.begin() + static_cast<std::ptrdiff_t>(i))
      throw UsageError{fmt::format("'{}' names '{}' twice", option, words[i])};
  return words;
}

}  // namespace

onnx::TranslateOptions onnx_options(const Words& words) {
  onnx::TranslateOptions options;
  options.images = images_of(words.batch);
  for (const std::string& word : words.shapes) {
    const size_t equals = word.rfind('=');
    if (equals == std::string::npos || equals == 0)
      throw UsageError{
          fmt::format("'--shape' wants NAME=SIZE, as in 'height=640' for a dimension or "
                      "'image=3x640x480' for an input; found '{}'",
                      word)};
    const std::string name = word.substr(0, equals);
    if (!options.sizes.emplace(name, sizes_of("'--shape " + name + "'", word.substr(equals + 1))).second)
      throw UsageError{fmt::format("'--shape' gives '{}' twice", name)};
  }
  options.inputs = names_of("--input", words.inputs, words.model);
  options.outputs = names_of("--output", words.outputs, words.model);
  options.folds_pixels = words.fold_pixels;
  if (words.fold_pixels && !is_onnx(words.model))
    throw UsageError{
        "'--fold-pixels' is for ONNX models; a text says with 'mean' and 'deviation' what becomes of pixels"};
  if (!words.shapes.empty() && !is_onnx(words.model))
    throw UsageError{"'--shape' is for ONNX models, which may leave sizes open; a text says them all"};
  return options;
}

PictureOptions picture_options(const Words& words) {
  PictureOptions pictures;
  if (!words.resize.empty()) pictures.resize = resize_of(words.resize);
  if (!words.mean.empty()) pictures.mean = numbers_of("--mean", words.mean);
  if (!words.deviation.empty()) pictures.deviation = numbers_of("--deviation", words.deviation);
  const std::vector<double>& deviation = pictures.deviation;
  if (std::find(deviation.begin(), deviation.end(), 0) != deviation.end())
    throw UsageError{"'--deviation' is what pixels are divided by; found a 0"};
  pictures.bgr = words.bgr;
  return pictures;
}

}  // namespace cnnc
