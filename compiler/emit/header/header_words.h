// The words that a header's templates are filled with, and how lists of tensors become text.
#pragma once
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "emit/header/header_names.h"

namespace cnnc::header_words {

// By the @word@ of a template. A value may hold further words.
using Words = std::map<std::string, std::string, std::less<>>;

// The template with each @word@ replaced; a value may hold further words.
inline std::string fill(std::string_view text, const Words& words) {
  std::string result;
  while (true) {
    const size_t begin = text.find('@'), end = text.find('@', begin + 1);
    if (end == std::string_view::npos) break;
    const auto word = words.find(text.substr(begin + 1, end - begin - 1));
    if (word == words.end())
      throw std::logic_error("template: " + std::string(text.substr(begin, end - begin)));
    result.append(text.substr(0, begin)).append(fill(word->second, words));
    text.remove_prefix(end + 1);
  }
  return result.append(text);
}

inline bool is_integer(const HeaderTensor& tensor) {
  return tensor.elements != ElementType::float32;
}

// What C calls an element.
inline std::string_view element_of(const HeaderTensor& tensor) {
  switch (tensor.elements) {
    case ElementType::int32:
      return "int32_t";
    case ElementType::uint8:
      return "uint8_t";
    case ElementType::int8:
      return "int8_t";
    default:
      return "float";
  }
}

// What NumPy and WebAssembly's scripts call it.
inline std::string_view array_type_of(const HeaderTensor& tensor) {
  switch (tensor.elements) {
    case ElementType::int32:
      return "int32";
    case ElementType::uint8:
      return "uint8";
    case ElementType::int8:
      return "int8";
    default:
      return "float32";
  }
}

// Those of the caller's array: with the images of a batch in front.
inline std::vector<int64_t> array_sizes_of(const HeaderTensor& tensor, int64_t images) {
  std::vector<int64_t> sizes = tensor.shape.sizes;
  if (images > 1) sizes.insert(sizes.begin(), images);
  return sizes;
}

inline std::string negative_in_brackets(int number) {
  return fmt::format(number < 0 ? "({})" : "{}", number);
}

// "floats", "of int32_t", "of uint8_t, real = 0.5 * (byte - 128)"
inline std::string words_of_elements(const HeaderTensor& tensor) {
  if (!is_integer(tensor)) return "floats";
  if (!tensor.bytes) return fmt::format("of {}", element_of(tensor));
  return fmt::format("of {}, real = {} * (byte - {})", element_of(tensor), tensor.bytes->scale,
                     negative_in_brackets(tensor.bytes->zero_point));
}

// One piece of text for each tensor.
template <class Function>
std::vector<std::string> each(const std::vector<HeaderTensor>& tensors, Function&& text) {
  std::vector<std::string> result;
  for (const HeaderTensor& tensor : tensors) result.push_back(text(tensor));
  return result;
}

// Of the inputs, then of the outputs, with commas between.
template <class In, class Out>
std::string arguments(const HeaderNames& names, In&& in, Out&& out) {
  std::vector<std::string> result = each(names.inputs, in);
  for (std::string& text : each(names.outputs, out)) result.push_back(std::move(text));
  return fmt::format("{}", fmt::join(result, ", "));
}

template <class Condition>
bool has_any(const HeaderNames& names, Condition&& condition) {
  return std::any_of(names.inputs.begin(), names.inputs.end(), condition) ||
         std::any_of(names.outputs.begin(), names.outputs.end(), condition);
}

}  // namespace cnnc::header_words
