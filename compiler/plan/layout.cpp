#include "plan/layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <tuple>

#include "support/checked.h"

namespace cnnc {

namespace {

auto fields(const Layout& l) {
  return std::tie(l.channels, l.height, l.width, l.block, l.top, l.bottom, l.left, l.right, l.images,
                  l.image_planes, l.row_step, l.column_step, l.type);
}

}  // namespace

bool operator==(const Layout& a, const Layout& b) {
  return fields(a) == fields(b);
}

// Each sum has three terms of at most 2^32.
std::optional<int64_t> Layout::checked_elements() const {
  const std::optional<int64_t> pixels = checked_multiply(rows(), pitch());
  const std::optional<int64_t> image =
      pixels ? checked_multiply(*pixels, std::max(planes(), image_planes) * block) : std::nullopt;
  return image ? checked_multiply(*image, images) : std::nullopt;
}

Layout Layout::interior() const {
  Layout l = *this;
  l.top = l.bottom = l.left = l.right = l.image_planes = 0;
  return l;
}

Layout Layout::phase(int64_t row, int64_t rows_step, int64_t column, int64_t columns_step) const {
  Layout l = *this;
  l.row_step = rows_step;
  l.column_step = columns_step;
  l.height = (height - row - 1) / rows_step + 1;
  l.width = (width - column - 1) / columns_step + 1;
  l.top += row;
  l.left += column;
  l.bottom += rows() - l.rows();
  l.right += pitch() - l.pitch();
  return l;
}

Layout Layout::part(int64_t first, int64_t count) const {
  Layout l = *this;
  l.channels = count;
  if (first % block != 0) throw std::logic_error("a part of a tensor begins inside a block of channels");
  return l;
}

Layout Layout::one_image() const {
  Layout l = *this;
  l.images = 1;
  l.image_planes = 0;
  return l;
}

Layout Layout::batch(int64_t count, int64_t stride) const {
  Layout l = *this;
  l.images = count;
  l.image_planes = stride / plane_stride();
  if (count == 1 || l.image_planes == l.planes()) l.image_planes = 0;
  return l;
}

Layout plain_layout(const Shape& shape, int64_t images, ElementType type) {
  return blocked_layout(shape, 1, images, type);
}

Layout blocked_layout(const Shape& shape, int64_t block, int64_t images, ElementType type) {
  Layout l;
  const std::vector<int64_t>& sizes = shape.sizes;
  if (shape.rank() == 1) l.channels = sizes[0];
  if (shape.rank() > 1) {
    l.width = sizes[sizes.size() - 1];
    l.height = sizes[sizes.size() - 2];
    l.channels = 1;
    for (size_t i = 0; i + 2 < sizes.size(); ++i) l.channels *= sizes[i];
  }
  l.block = block;
  l.images = images;
  l.type = type;
  return l;
}

std::string to_string(const Layout& l) {
  std::string text = l.images > 1 ? fmt::format("{} x ", l.images) : "";
  text += fmt::format("{}x{}x{}", l.channels, l.height, l.width);
  if (l.block > 1) text += fmt::format("/{}", l.block);
  if (l.type != ElementType::float32) text += fmt::format(" {}", to_string(l.type));
  if (l.has_halo())
    text += fmt::format(" halo {},{},{},{}", l.top, l.bottom, l.left, l.right, l.images, l.image_planes);
  if (l.row_step * l.column_step > 1) text += fmt::format(" step {}x{}", l.row_step, l.column_step);
  if (l.image_planes > 0) text += fmt::format(" of {}", l.image_planes * l.block);
  return text;
}

}  // namespace cnnc
