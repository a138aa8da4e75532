#include "support/source.h"

#include <algorithm>

namespace cnnc {

Span join(Span a, Span b) {
  return {std::min(a.begin, b.begin), std::max(a.end, b.end)};
}

Position position_of(const Source& source, uint32_t offset) {
  const auto begin = source.text.begin();
  const auto at = begin + std::min<size_t>(offset, source.text.size());
  const auto line = std::count(begin, at, '\n');
  const auto line_begin = std::find(std::make_reverse_iterator(at), source.text.rend(), '\n').base();
  return {static_cast<uint32_t>(line + 1), static_cast<uint32_t>(at - line_begin + 1)};
}

std::string_view line_text(const Source& source, uint32_t line) {
  std::string_view rest = source.text;
  for (uint32_t i = 1; i < line; ++i) {
    const size_t end = rest.find('\n');
    if (end == std::string_view::npos) return {};
    rest.remove_prefix(end + 1);
  }
  rest = rest.substr(0, rest.find('\n'));
  if (!rest.empty() && rest.back() == '\r') rest.remove_suffix(1);
  return rest;
}

}  // namespace cnnc
