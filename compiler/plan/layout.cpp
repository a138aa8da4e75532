#include "plan/layout.h"

#include <fmt/format.h>

#include <tuple>

#include "support/checked.h"

namespace cnnc {

namespace {

auto fields(const Layout& l) {
  return std::tie(l.channels, l.height, l.width, l.block, l.top, l.bottom, l.left, l.right);
}

}  // namespace

bool operator==(const Layout& a, const Layout& b) {
  return fields(a) == fields(b);
}

// Each sum has three terms of at most 2^32.
std::optional<int64_t> Layout::checked_elements() const {
  const std::optional<int64_t> pixels = checked_multiply(rows(), pitch());
  return pixels ? checked_multiply(*pixels, planes() * block) : std::nullopt;
}

Layout Layout::interior() const {
  Layout l = *this;
  l.top = l.bottom = l.left = l.right = 0;
  return l;
}

Layout plain_layout(const Shape& shape) {
  return blocked_layout(shape, 1);
}

Layout blocked_layout(const Shape& shape, int64_t block) {
  Layout l;
  l.channels = shape.channels();
  l.height = shape.height();
  l.width = shape.width();
  l.block = block;
  return l;
}

std::string to_string(const Layout& l) {
  std::string text = fmt::format("{}x{}x{}", l.channels, l.height, l.width);
  if (l.block > 1) text += fmt::format("/{}", l.block);
  if (l.has_halo()) text += fmt::format(" halo {},{},{},{}", l.top, l.bottom, l.left, l.right);
  return text;
}

}  // namespace cnnc
