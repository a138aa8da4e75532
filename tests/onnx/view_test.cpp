#include "onnx/translation/view.h"

#include <doctest/doctest.h>

#include "graph/shape.h"

using namespace cnnc;
using namespace cnnc::onnx;
using Dims = std::vector<int64_t>;

TEST_CASE("a map flattened, and split again, is the map") {
  const Shape shape{8, 3, 5};
  const View flat = reshaped(view_of(7, shape, 2), {2, 120}).value();
  CHECK(dims_of(flat) == Dims{2, 120});
  CHECK(is_in_order(flat, shape, 2));
  CHECK_FALSE(is_plain(flat, shape, 2));
  CHECK(is_plain(reshaped(flat, {2, 8, 3, 5}).value(), shape, 2));
}

TEST_CASE(
    "groups of channels that change places are no longer in order, and are again when they change back") {
  const Shape shape{6, 4, 4};
  const View split = reshaped(view_of(0, shape, 1), {1, 2, 3, 4, 4}).value();
  const View shuffled = reshaped(transposed(split, {0, 2, 1, 3, 4}), {1, 6, 4, 4}).value();
  CHECK(shuffled.dims[1] == std::vector<Factor>{{Axis::channel, 3, 1}, {Axis::channel, 2, 3}});
  CHECK_FALSE(is_in_order(shuffled, shape, 1));
  const View back = transposed(reshaped(shuffled, {1, 3, 2, 4, 4}).value(), {0, 2, 1, 3, 4});
  CHECK(is_plain(reshaped(back, {1, 6, 4, 4}).value(), shape, 1));
}

TEST_CASE("dimensions of one element come and go") {
  const Shape shape{10};
  const View map = reshaped(view_of(0, shape, 3), {3, 10, 1, 1}).value();
  CHECK(dims_of(map) == Dims{3, 10, 1, 1});
  CHECK(is_plain(reshaped(map, {3, 10}).value(), shape, 3));
}

TEST_CASE("a dimension that would hold half of a factor is none") {
  CHECK_FALSE(reshaped(view_of(0, Shape{5, 7, 1}, 1), {1, 7, 5, 1}).has_value());
}
