// How a tensor lies in memory.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "graph/shape.h"

namespace cnnc {

// Channels are stored in blocks: element (c, y, x) of a map stands at float
//   ((c / block * rows + top + y) * pitch + left + x) * block + c % block
// with rows = top + height + bottom and pitch = left + width + right. block = 1 is CHW ("planar"), block =
// the vector's lanes is NCHWc ("blocked"); with height = width = 1 both are a plain vector, padded to whole
// blocks. The border around the map (its halo) holds zeros, so that a convolution needs no boundary tests.
// The lanes beyond `channels` in the last block hold any finite number.
struct Layout {
  int64_t channels = 0, height = 1, width = 1;
  int64_t block = 1;
  int64_t top = 0, bottom = 0, left = 0, right = 0;

  int64_t planes() const { return (channels + block - 1) / block; }
  int64_t rows() const { return top + height + bottom; }
  int64_t pitch() const { return left + width + right; }
  int64_t row_stride() const { return pitch() * block; }          // floats
  int64_t plane_stride() const { return rows() * row_stride(); }  // floats
  // Of a layout whose size was checked.
  int64_t elements() const { return planes() * plane_stride(); }  // floats, halo and padding included
  // The same of a layout whose size was not checked; empty if it does not fit into 63 bits.
  std::optional<int64_t> checked_elements() const;
  int64_t origin() const { return (top * pitch() + left) * block; }  // of element (0, 0, 0), floats
  int64_t index(int64_t c, int64_t y, int64_t x) const {
    return c / block * plane_stride() + origin() + y * row_stride() + x * block + c % block;
  }
  bool has_halo() const { return top + bottom + left + right > 0; }
  // In the order that a user sees: row-major channels x height x width, with nothing between.
  bool is_plain() const {
    return !has_halo() && (block == 1 || (height == 1 && width == 1 && channels % block == 0));
  }
  // The same without a halo.
  Layout interior() const;

  friend bool operator==(const Layout& a, const Layout& b);
};

Layout plain_layout(const Shape& shape);
Layout blocked_layout(const Shape& shape, int64_t block);

// "6x28x28", "64x56x56/16 halo 1,1,1,1"
std::string to_string(const Layout& layout);

}  // namespace cnnc
