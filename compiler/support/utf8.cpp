#include "support/utf8.h"

namespace cnnc {
namespace {

// The length that a first byte announces, or 0.
size_t announced_length(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return 2;
  if (first >= 0xe0 && first <= 0xef) return 3;
  if (first >= 0xf0 && first <= 0xf4) return 4;
  return 0;
}

char32_t decode(std::string_view bytes) {
  const auto first = static_cast<unsigned char>(bytes[0]);
  if (bytes.size() == 1) return first;
  char32_t value = first & (0x7f >> bytes.size());
  for (char c : bytes.substr(1)) value = value << 6 | (c & 0x3f);
  return value;
}

}  // namespace

size_t utf8_length(std::string_view text) {
  if (text.empty()) return 0;
  const size_t length = announced_length(static_cast<unsigned char>(text[0]));
  if (length == 0 || length > text.size()) return 0;
  for (char c : text.substr(1, length - 1)) {
    if ((c & 0xc0) != 0x80) return 0;
  }
  constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const char32_t value = decode(text.substr(0, length));
  const bool surrogate = value >= 0xd800 && value <= 0xdfff;
  return value < kSmallest[length] || value > 0x10ffff || surrogate ? 0 : length;
}

char32_t utf8_code_point(std::string_view text) {
  return decode(text.substr(0, utf8_length(text)));
}

}  // namespace cnnc
