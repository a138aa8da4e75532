// How a tensor lies in memory.
#include "plan/layout.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <tuple>
#include <vector>

using namespace cnnc;

namespace {

Layout with_halo(Layout layout, int64_t top, int64_t bottom, int64_t left, int64_t right) {
  layout.top = top;
  layout.bottom = bottom;
  layout.left = left;
  layout.right = right;
  return layout;
}

// Planar, blocked, vectors; sizes that fill whole blocks and that do not; with each side of the halo its own
// width.
std::vector<Layout> some_layouts() {
  std::vector<Layout> layouts;
  for (const Shape& shape : {Shape{1, 1, 1}, Shape{3, 5, 7}, Shape{16, 4, 1}, Shape{17, 2, 3}, Shape{33}})
    for (const int64_t block : {1, 4, 16})
      for (const auto& [top, bottom, left, right] :
           {std::tuple{0, 0, 0, 0}, std::tuple{1, 1, 1, 1}, std::tuple{2, 0, 3, 1}, std::tuple{0, 4, 0, 0}})
        layouts.push_back(with_halo(blocked_layout(shape, block), top, bottom, left, right));
  return layouts;
}

}  // namespace

TEST_CASE("an element's index is its place when memory is walked block by block, row by row, lane by lane") {
  for (const Layout& l : some_layouts()) {
    CAPTURE(to_string(l));
    int64_t place = 0, elements = 0;
    for (int64_t plane = 0; plane < l.planes(); ++plane)
      for (int64_t row = -l.top; row < l.height + l.bottom; ++row)
        for (int64_t column = -l.left; column < l.width + l.right; ++column)
          for (int64_t lane = 0; lane < l.block; ++lane, ++place) {
            const int64_t channel = plane * l.block + lane;
            if (row < 0 || row >= l.height || column < 0 || column >= l.width || channel >= l.channels)
              continue;
            REQUIRE(l.index(channel, row, column) == place);
            ++elements;
          }
    CHECK(elements == l.channels * l.height * l.width);
    CHECK(l.elements() == place);
    CHECK(l.origin() == l.index(0, 0, 0));
  }
}

TEST_CASE("strides lead from an element to the next row and to the next block of channels") {
  for (const Layout& l : some_layouts()) {
    CAPTURE(to_string(l));
    if (l.height > 1) CHECK(l.index(0, 1, 0) - l.index(0, 0, 0) == l.row_stride());
    if (l.planes() > 1) CHECK(l.index(l.block, 0, 0) - l.index(0, 0, 0) == l.plane_stride());
    CHECK(l.elements() == l.planes() * l.plane_stride());
  }
}

TEST_CASE("a layout is plain exactly where its elements are the caller's, in the caller's order") {
  for (const Layout& l : some_layouts()) {
    CAPTURE(to_string(l));
    bool in_order = l.elements() == l.channels * l.height * l.width;
    int64_t place = 0;
    for (int64_t c = 0; c < l.channels; ++c)
      for (int64_t y = 0; y < l.height; ++y)
        for (int64_t x = 0; x < l.width; ++x) in_order = in_order && l.index(c, y, x) == place++;
    CHECK(l.is_plain() == in_order);
  }
}

TEST_CASE("a vector in whole blocks is plain, one that is padded is not") {
  CHECK(blocked_layout(Shape{32}, 16).is_plain());
  CHECK_FALSE(blocked_layout(Shape{33}, 16).is_plain());
  CHECK_FALSE(blocked_layout(Shape{32, 1, 2}, 16).is_plain());
  CHECK(plain_layout(Shape{33, 2, 2}).is_plain());
}

TEST_CASE("the interior of a layout is the same without its halo") {
  for (const Layout& l : some_layouts()) {
    const Layout inside = l.interior();
    CHECK_FALSE(inside.has_halo());
    CHECK(inside.origin() == 0);
    CHECK(with_halo(inside, l.top, l.bottom, l.left, l.right) == l);
  }
}

TEST_CASE("layouts that differ in anything are not equal") {
  const Layout l = with_halo(blocked_layout(Shape{20, 5, 6}, 8), 1, 2, 3, 4);
  for (int64_t Layout::*field : {&Layout::channels, &Layout::height, &Layout::width, &Layout::block,
                                 &Layout::top, &Layout::bottom, &Layout::left, &Layout::right}) {
    Layout other = l;
    CHECK(other == l);
    ++(other.*field);
    CHECK_FALSE(other == l);
  }
}

TEST_CASE("a layout is printed as its shape, its block and its halo") {
  CHECK(to_string(plain_layout(Shape{6, 28, 28})) == "6x28x28");
  CHECK(to_string(plain_layout(Shape{10})) == "10x1x1");
  CHECK(to_string(with_halo(blocked_layout(Shape{64, 56, 57}, 16), 1, 2, 3, 4)) ==
        "64x56x57/16 halo 1,2,3,4");
}

TEST_CASE("a phase of a layout has every so many rows and columns of it, where they lie") {
  for (const Layout& l : some_layouts())
    for (const auto& [row, row_step, column, column_step] :
         {std::tuple{0, 1, 0, 1}, std::tuple{0, 2, 1, 2}, std::tuple{1, 3, 0, 1}}) {
      if (row >= l.height || column >= l.width) continue;
      CAPTURE(to_string(l));
      const Layout phase = l.phase(row, row_step, column, column_step);
      CHECK(phase.plane_stride() == l.plane_stride());
      CHECK(phase.height == (l.height - row + row_step - 1) / row_step);
      CHECK(phase.width == (l.width - column + column_step - 1) / column_step);
      for (int64_t y = 0; y < phase.height; ++y)
        for (int64_t x = 0; x < phase.width; ++x)
          for (int64_t c = 0; c < l.channels; ++c)
            REQUIRE(phase.index(c, y, x) == l.index(c, row + y * row_step, column + x * column_step));
    }
}
