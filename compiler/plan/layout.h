// How a tensor lies in memory.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "graph/element_type.h"
#include "graph/shape.h"

namespace cnnc {

// A tensor that is neither a map nor a vector lies as a map: its last two sizes are height and width, the
// product of the others is the channels, and its block is 1.
//
// Channels are stored in blocks: element (c, y, x) of a map stands at float
//   ((c / block * rows + top + y) * pitch + left + x) * block + c % block
// with rows = top + height + bottom and pitch = left + width + right. block = 1 is CHW ("planar"), block =
// the vector's lanes is NCHWc ("blocked"); with height = width = 1 both are a plain vector, padded to whole
// blocks. The border around the map (its halo) holds zeros, so that a convolution needs no boundary tests.
// The lanes beyond `channels` in the last block hold any finite number.
//
// The result of one phase of an upconv is every row_step-th row and column_step-th column of a tensor, whose
// other elements lie between: element (c, y, x) is that of (c, y * row_step, x * column_step).
//
// A batch is one such map an image, `image_stride` floats apart: the next image follows directly, unless this
// is a part of the planes of a larger tensor.
struct Layout {
  int64_t channels = 0, height = 1, width = 1;
  int64_t block = 1;
  int64_t top = 0, bottom = 0, left = 0, right = 0;
  int64_t images = 1;
  int64_t row_step = 1, column_step = 1;
  int64_t image_planes = 0;  // planes from one image to the next; 0: planes(), or there is one image
  ElementType type = ElementType::float32;

  int64_t planes() const { return (channels + block - 1) / block; }
  int64_t rows() const { return top + (height - 1) * row_step + 1 + bottom; }
  int64_t pitch() const { return left + (width - 1) * column_step + 1 + right; }
  int64_t column_stride() const { return column_step * block; }      // floats
  int64_t row_stride() const { return row_step * pitch() * block; }  // floats
  int64_t plane_stride() const { return rows() * pitch() * block; }  // floats
  int64_t image_stride() const {
    return (image_planes ? image_planes : planes()) * plane_stride();
  }  // floats
  // From the first float to the last, halo and padding included, of a layout whose size was checked.
  int64_t elements() const { return (images - 1) * image_stride() + planes() * plane_stride(); }
  int64_t bytes() const { return bytes_of(elements()); }
  // Of so many elements.
  int64_t bytes_of(int64_t count) const { return count * size_of(type); }
  // As elements(), of a layout whose size was not checked; empty if it does not fit into 63 bits.
  std::optional<int64_t> checked_elements() const;
  int64_t origin() const { return (top * pitch() + left) * block; }  // of element (0, 0, 0), floats
  int64_t index(int64_t c, int64_t y, int64_t x, int64_t image = 0) const {
    return image * image_stride() + c / block * plane_stride() + origin() + y * row_stride() +
           x * column_stride() + c % block;
  }
  // What vectors run along: the channels of a block or, of planar maps, a row.
  int64_t innermost() const { return block > 1 ? block : width; }
  bool has_halo() const { return top + bottom + left + right > 0; }
  // In the order that a user sees: row-major images x channels x height x width, with nothing between.
  bool is_plain() const {
    return !has_halo() && image_planes == 0 &&
           (block == 1 || (height == 1 && width == 1 && channels % block == 0));
  }
  // The same alone: without a halo, and no part of another.
  Layout interior() const;
  // Of its rows and columns those whose number leaves that rest when divided by the step, where they lie.
  Layout phase(int64_t row, int64_t rows_step, int64_t column, int64_t columns_step) const;
  // Of one image: `count` of its channels from `first` on, a multiple of the block, where they lie.
  Layout part(int64_t first, int64_t count) const;
  // Of a batch one image alone.
  Layout one_image() const;
  // Of one image: a batch of them, `stride` floats apart, a multiple of the plane's.
  Layout batch(int64_t count, int64_t stride) const;

  friend bool operator==(const Layout& a, const Layout& b);
};

Layout plain_layout(const Shape& shape, int64_t images = 1, ElementType type = ElementType::float32);
Layout blocked_layout(const Shape& shape, int64_t block, int64_t images = 1,
                      ElementType type = ElementType::float32);

// "6x28x28", "64x56x56/16 halo 1,1,1,1", "8 x 6x28x28", "8 x 32x7x7/16 of 64"
std::string to_string(const Layout& layout);

}  // namespace cnnc
