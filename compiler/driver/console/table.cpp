#include "driver/console/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

namespace cnnc {

namespace {

constexpr size_t kLeastSecond = 24;  // characters of a second column, if a name can make room for it

// fmt counts characters, too; of UTF-8 all bytes but those that go on with one.
bool begins_character(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
}

size_t width_of(const std::string& text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), begins_character));
}

std::vector<size_t> widths_of(const std::vector<Row>& rows, size_t columns) {
  std::vector<size_t> widths(columns);
  for (const Row& row : rows)
    for (size_t i = 0; i < columns; ++i) widths[i] = std::max(widths[i], width_of(row.at(i)));
  return widths;
}

std::string line_of(const Row& row, const std::string& alignment, const std::vector<size_t>& widths) {
  std::string line;
  for (size_t i = 0; i < widths.size(); ++i)
    line += alignment[i] == 'r' ? fmt::format("{:>{}}  ", row[i], widths[i])
                                : fmt::format("{:<{}}  ", row[i], widths[i]);
  return line.erase(line.find_last_not_of(' ') + 1) + "\n";
}

// The bytes of a text's first so many characters.
size_t bytes_of(const std::string& text, size_t characters) {
  size_t i = 0;
  for (; i < text.size(); ++i)
    if (begins_character(text[i]) && characters-- == 0) break;
  return i;
}

std::vector<std::string> wrapped(std::string text, size_t width) {
  std::vector<std::string> lines;
  while (width_of(text) > width) {
    const size_t most = bytes_of(text, width), space = text.rfind(' ', most);
    const bool at_space = space != std::string::npos && space > 0;
    lines.push_back(text.substr(0, at_space ? space : most));
    text.erase(0, at_space ? space + 1 : most);
  }
  lines.push_back(text);
  return lines;
}

// How wide the first two columns are, `widths` at most, where both have `room` together: the first as its
// names are that need no line of their own.
std::pair<size_t, size_t> share_room(size_t room, const std::vector<Row>& rows,
                                     const std::vector<size_t>& widths) {
  if (widths[0] + widths[1] <= room) return {widths[0], widths[1]};
  const size_t least = std::min(kLeastSecond, widths[1]), most = room > least ? room - least : 1;
  size_t first = 1;
  for (const Row& row : rows)
    if (const size_t name = width_of(row[0]); name <= most) first = std::max(first, name);
  return {first, std::min(widths[1], std::max(least, room > first ? room - first : 1))};
}

}  // namespace

std::string table(const std::vector<Row>& rows, const std::string& alignment) {
  const std::vector<size_t> widths = widths_of(rows, alignment.size());
  std::string text;
  for (const Row& row : rows) text += line_of(row, alignment, widths);
  return text;
}

std::string table_within(size_t width, const std::vector<Row>& rows, const std::string& alignment) {
  std::vector<size_t> widths = widths_of(rows, alignment.size());
  size_t others = 2;  // spaces between the first two
  for (size_t i = 2; i < widths.size(); ++i) others += 2 + widths[i];
  std::tie(widths[0], widths[1]) = share_room(width > others ? width - others : 1, rows, widths);
  std::string text;
  for (Row row : rows) {
    if (width_of(row[0]) > widths[0]) text += std::exchange(row[0], "") + "\n";
    for (const std::string& part : wrapped(row[1], widths[1])) {
      row[1] = part;
      text += line_of(row, alignment, widths);
      std::fill(row.begin(), row.end(), "");
    }
  }
  return text;
}

std::string indented(size_t spaces, const std::string& head, const std::string& text) {
  constexpr size_t kWidth = 100;
  const size_t before = spaces + width_of(head),
               room = std::max<size_t>(20, kWidth - std::min(kWidth, before));
  std::string lines;
  for (const std::string& part : wrapped(text, room))
    lines += (lines.empty() ? std::string(spaces, ' ') + head : std::string(before, ' ')) + part + "\n";
  return lines;
}

std::string indented(size_t spaces, const std::string& text) {
  const std::string lines = indented(spaces + 2, "", text);
  return lines.substr(2);
}

}  // namespace cnnc
