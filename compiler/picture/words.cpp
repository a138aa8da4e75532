#include "picture/words.h"

#include <algorithm>

namespace cnnc::picture {
namespace {

bool begins_character(char c) {
  return (c & 0xC0) != 0x80;
}

size_t characters(const std::string& text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), begins_character));
}

// The byte at which that character of the text begins.
size_t place_of(const std::string& text, size_t character) {
  size_t i = 0;
  for (; i < text.size(); ++i)
    if (begins_character(text[i]) && character-- == 0) break;
  return i;
}

}  // namespace

double text_width(const std::string& text, double font_size) {
  return static_cast<double>(characters(text)) * font_size * 0.58;
}

std::string cut_in_middle(const std::string& text, size_t most) {
  const size_t count = characters(text);
  if (count <= most) return text;
  const size_t before = most / 2;
  return text.substr(0, place_of(text, before)) + "…" +
         text.substr(place_of(text, count - (most - 1 - before)));
}

std::string shortened(const std::string& text, size_t most) {
  const size_t count = characters(text);
  if (count <= most) return text;
  const size_t before = text.find('.') == std::string::npos ? most - 1 - most / 2 : 0;
  return text.substr(0, place_of(text, before)) + "…" +
         text.substr(place_of(text, count - (most - 1 - before)));
}

}  // namespace cnnc::picture
