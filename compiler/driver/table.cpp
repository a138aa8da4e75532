#include "driver/table.h"

#include <fmt/format.h>

#include <algorithm>

namespace cnnc {

std::string table(const std::vector<Row>& rows, const std::string& alignment) {
  std::vector<size_t> widths(alignment.size());
  for (const Row& row : rows)
    for (size_t i = 0; i < widths.size(); ++i) widths[i] = std::max(widths[i], row.at(i).size());
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
