#include "driver/console/table.h"

#include <fmt/format.h>

#include <algorithm>

namespace cnnc {

namespace {

// fmt counts characters, too; of UTF-8 all bytes but those that go on with one.
size_t width_of(const std::string& text) {
  return static_cast<size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

}  // namespace

std::string table(const std::vector<Row>& rows, const std::string& alignment) {
  std::vector<size_t> widths(alignment.size());
  for (const Row& row : rows)
    for (size_t i = 0; i < widths.size(); ++i) widths[i] = std::max(widths[i], width_of(row.at(i)));
  std::string text;
  for (const Row& row : rows) {
    std::string line;
    for (size_t i = 0; i < widths.size(); ++i)
      line += alignment[i] == 'r' ? fmt::format("{:>{}}  ", row[i], widths[i])
                                  : fmt::format("{:<{}}  ", row[i], widths[i]);
    text += line.erase(line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

}  // namespace cnnc
