// Text in columns.
#pragma once
#include <string>
#include <vector>

namespace cnnc {

using Row = std::vector<std::string>;

// The rows, the first of them the heads, with two spaces between columns. `alignment` has a letter for each
// column: 'l' or 'r'.
std::string table(const std::vector<Row>& rows, const std::string& alignment);

}  // namespace cnnc
