#include "weights/text.h"

#include <fmt/format.h>

#include <cstdint>

namespace cnnc {

std::string quote(std::string_view text) {
  constexpr size_t kMaxBytes = 120;
  std::string result = "'";
  for (unsigned char c : text.substr(0, kMaxBytes)) {
    if (c < 0x20 || c == 0x7f)
      result += fmt::format("\\x{:02x}", c);
    else
      result += static_cast<char>(c);
  }
  return result + (text.size() > kMaxBytes ? "…'" : "'");
}

std::string sizes_text(const std::vector<int64_t>& sizes) {
  constexpr size_t kMaxSizes = 8;
  if (sizes.empty()) return "scalar";
  std::string result = std::to_string(sizes[0]);
  for (size_t i = 1; i < sizes.size() && i < kMaxSizes; ++i) result += fmt::format("x{}", sizes[i]);
  return result + (sizes.size() > kMaxSizes ? "x…" : "");
}

}  // namespace cnnc
