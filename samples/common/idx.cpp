#include "idx.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace {

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read '" + path + "'");
  return {std::istreambuf_iterator<char>(file), {}};
}

// A 32-bit big-endian number.
uint32_t number_at(const std::string& bytes, size_t at) {
  uint32_t value = 0;
  for (size_t i = at; i < at + 4; ++i) value = value << 8 | static_cast<uint8_t>(bytes[i]);
  return value;
}

// The items of an IDX file. Its header is a magic number, the count of items, the extents of one; the items
// follow, with nothing behind them.
std::vector<Pixels> read_items(const std::string& path, uint32_t magic,
                               const std::vector<uint32_t>& extents) {
  const std::string bytes = read_file(path);
  const size_t header = 8 + 4 * extents.size();
  uint64_t item = 1;
  bool good = bytes.size() >= header && number_at(bytes, 0) == magic;
  for (size_t i = 0; good && i < extents.size(); ++i) {
    good = number_at(bytes, 8 + 4 * i) == extents[i];
    item *= extents[i];
  }
  if (!good || number_at(bytes, 4) * item != bytes.size() - header)
    throw std::runtime_error("'" + path + "' is not the file that its name says");
  std::vector<Pixels> items;
  for (size_t at = header; at < bytes.size(); at += item)
    items.emplace_back(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                       bytes.begin() + static_cast<std::ptrdiff_t>(at + item));
  return items;
}

}  // namespace

std::vector<Pixels> read_images(const std::string& path, uint32_t height, uint32_t width) {
  return read_items(path, 0x00000803, {height, width});
}

std::vector<uint8_t> read_labels(const std::string& path) {
  std::vector<uint8_t> labels;
  for (const Pixels& item : read_items(path, 0x00000801, {})) labels.push_back(item[0]);
  if (std::any_of(labels.begin(), labels.end(), [](uint8_t label) { return label > 9; }))
    throw std::runtime_error("'" + path + "' has a label that is not 0 to 9");
  return labels;
}
