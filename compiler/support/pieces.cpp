#include "support/pieces.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "support/utf8.h"

namespace cnnc {
namespace {

constexpr std::string_view kBlanks = " \t\r";

Piece part_of(const Piece& piece, size_t begin, size_t count) {
  const std::string_view text = piece.text.substr(begin, count);
  const auto at = static_cast<uint32_t>(piece.where.begin + begin);
  return {text, {at, at + static_cast<uint32_t>(text.size())}};
}

Piece trimmed(const Piece& piece) {
  const size_t begin = std::min(piece.text.find_first_not_of(kBlanks), piece.text.size());
  const size_t end = piece.text.find_last_not_of(kBlanks) + 1;
  return part_of(piece, begin, end > begin ? end - begin : 0);
}

}  // namespace

std::vector<Line> lines_of(const Source& source) {
  const Piece text{source.text, {0, static_cast<uint32_t>(source.text.size())}};
  std::vector<Line> lines;
  uint32_t number = 1;
  for (size_t begin = 0; begin <= source.text.size(); ++number) {
    const size_t end = std::min(source.text.find('\n', begin), source.text.size());
    const Piece whole = part_of(text, begin, end - begin);
    begin = end + 1;
    const Piece line = trimmed(part_of(whole, 0, whole.text.find('#')));
    if (!line.text.empty()) lines.push_back({line, number});
  }
  return lines;
}

std::vector<Piece> split(const Piece& piece, char separator) {
  std::vector<Piece> pieces;
  for (size_t begin = 0;;) {
    const size_t end = std::min(piece.text.find(separator, begin), piece.text.size());
    pieces.push_back(trimmed(part_of(piece, begin, end - begin)));
    if (end == piece.text.size()) return pieces;
    begin = end + 1;
  }
}

std::vector<Piece> words_of(const Piece& piece) {
  std::vector<Piece> words;
  for (size_t begin = 0; (begin = piece.text.find_first_not_of(kBlanks, begin)) != std::string_view::npos;) {
    const size_t end = std::min(piece.text.find_first_of(kBlanks, begin), piece.text.size());
    words.push_back(part_of(piece, begin, end - begin));
    begin = end;
  }
  return words;
}

std::string quoted(const Piece& piece) {
  constexpr size_t kMostBytes = 60;
  if (piece.text.empty()) return "nothing";
  size_t end = 0;
  while (end < piece.text.size()) {
    const size_t length = std::max<size_t>(utf8_length(piece.text.substr(end)), 1);
    if (end + length > kMostBytes) return fmt::format("'{}…'", piece.text.substr(0, end));
    end += length;
  }
  return fmt::format("'{}'", piece.text);
}

int64_t whole_number(const Piece& word, const std::string& what, int64_t least, int64_t most) {
  int64_t value = 0;
  const char* end_of_word = word.text.data() + word.text.size();
  const auto [end, error] = std::from_chars(word.text.data(), end_of_word, value);
  if (error == std::errc() && end == end_of_word && value >= least && value <= most) return value;
  throw Fault{word.where,
              fmt::format("{} is a whole number from {} to {}; found {}", what, least, most, quoted(word)),
              ""};
}

}  // namespace cnnc
