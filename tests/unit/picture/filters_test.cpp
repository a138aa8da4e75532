#include "picture/values/filters.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "unit/picture/picture_fixture.h"

using namespace cnnc;
using namespace cnnc::testing;
using namespace cnnc::picture;

namespace {

// The network's first node of that operator, with these weights over and over.
Node node_with(const std::string& text, const std::string& op, const std::vector<float>& weights) {
  for (Node node : graph_of(text).nodes) {
    if (node.op != op) continue;
    for (Parameter& parameter : node.parameters) {
      std::vector<float> values(static_cast<size_t>(parameter.shape.elements()));
      for (size_t i = 0; i < values.size(); ++i) values[i] = weights[i % weights.size()];
      parameter.values = std::make_shared<const std::vector<float>>(values);
    }
    return node;
  }
  FAIL("no such node");
  return {};
}

size_t count_of(const Drawing& drawing, const std::string& look) {
  const std::vector<Polygon> shapes = marks_of<Polygon>(drawing);
  return static_cast<size_t>(
      std::count_if(shapes.begin(), shapes.end(), [&](const Polygon& p) { return p.look == look; }));
}

}  // namespace

TEST_CASE("filters: those on three channels are in colours, no weight grey, the greatest white or black") {
  const Node conv = node_with("input x 3x4x4\nconv 1 1x2", "conv", {1, 0, 0, -1, 0.5f, 0});
  const Filters filters = filters_of(conv, false);
  CHECK(filters.in_colour);
  REQUIRE(filters.filters.size() == 1);
  CHECK(filters.filters[0].tile.bytes == std::vector<uint8_t>{255, 128, 191, 128, 0, 128});
  CHECK(filters_of(conv, true).filters[0].tile.bytes == std::vector<uint8_t>{191, 128, 255, 128, 0, 128});
}

TEST_CASE("filters: of others the slice on the strongest channel is drawn, in grey") {
  const Node conv = node_with("input x 2x4x4\nconv 2 1x2", "conv", {0.1f, 0, 2, -2, 3, 0, 0, 1});
  const Filters filters = filters_of(conv, false);
  CHECK(!filters.in_colour);
  CHECK(filters.filters[0].input == 1);
  CHECK(filters.filters[0].tile.bytes == std::vector<uint8_t>{255, 0});
  CHECK(filters.filters[1].input == 0);
}

TEST_CASE("filters: of a transposed convolution the inputs come first in the weight, and groups in both") {
  // inputs x outputs of a group x window: filter 0 has 1 and 3, filter 1 has 2 and 9
  const Node one = node_with("input x 2x4x4\nupconv 2 1x2", "upconv", {1, 1, 2, 2, 3, 3, 9, 9});
  CHECK(filters_of(one, false).filters[0].input == 1);
  const Node two = node_with("input x 4x4x4\nupconv 2 1x2 groups 2", "upconv", {1, 1, 2, 2, 3, 3, 9, 9});
  const Filters filters = filters_of(two, false);
  CHECK(filters.what == "2 filters of 2x1x2");
  CHECK(filters.filters[0].input == 1);
  CHECK(filters.filters[1].input == 3);
}

TEST_CASE("filters: dead ones and those like an earlier one are found, outlined and listed") {
  const Node conv = node_with("input x 1x4x4\nconv 5 1x2", "conv",
                              {1, 2, 0, 0.0005f, 1, 2.001f, 2, 4, 1, 2});  // 2: like 0; 3: of twice the size
  const Filters filters = filters_of(conv, false);
  CHECK(filters.filters[1].is_dead);
  CHECK(filters.filters[2].like == 0);
  CHECK(!filters.filters[3].like);
  CHECK(filters.filters[4].like == 0);
  const Drawing drawing = draw_filters("m", filters);
  CHECK(count_of(drawing, "dead") == 1);
  CHECK(count_of(drawing, "alike") == 2);
  CHECK(count_of(drawing, "pick") == 2);
  CHECK(has(texts(drawing), "m: 5 filters of 1x1x2 of conv1"));
  CHECK(has(texts(drawing), "dead, in dashes: 1"));
  CHECK(has(texts(drawing), "nearly the same, outlined: 2 = 0, 4 = 0"));
}

TEST_CASE("filters: those of two groups read other channels, and are not alike") {
  const Node conv = node_with("input x 2x4x4\nconv 2 1x2 groups 2", "conv", {1, 2});
  CHECK(!filters_of(conv, false).filters[1].like);
}

TEST_CASE("filters: of one element, and of dense layers, the weights are a matrix, a row a filter") {
  const Node dense = node_with("input x 3\ndense 2", "dense", {1, 0, -1, 0, 0, 0});
  const Filters filters = filters_of(dense, false);
  CHECK(filters.what == "2 rows of 3 weights");
  CHECK(filters.matrix.width == 3);
  CHECK(filters.matrix.height == 2);
  CHECK(filters.matrix.bytes.front() == 255);
  CHECK(filters.matrix.bytes[2] == 0);
  const Drawing drawing = draw_filters("m", filters);
  CHECK(marks_of<Image>(drawing).size() == 1);
  CHECK(count_of(drawing, "dead") == 1);
  const Node large = node_with("input x 5000\ndense 900", "dense", {1, 0, -1});
  CHECK(filters_of(large, false).matrix.width == 306);
}

TEST_CASE("filters: of more than 512 the first ones are drawn, and the picture says so") {
  const Drawing drawing =
      draw_filters("m", filters_of(node_with("input x 1x4x4\nconv 600 1x2", "conv", {1, 2, 5}), false));
  CHECK(marks_of<Polygon>(drawing).size() == 512);
  CHECK(has(texts(drawing), "the first 512 of 600 are drawn"));
}

TEST_CASE("filters: of a window of more than 64 rows or columns a tile of that many is drawn") {
  const Filters grey = filters_of(node_with("input x 1x130x65\nconv 1 130x65", "conv", {1}), false);
  CHECK(grey.filters[0].tile.height == 64);
  CHECK(grey.filters[0].tile.width == 32);
  CHECK(grey.filters[0].tile.bytes == std::vector<uint8_t>(64 * 32, 255));
  const Filters colour = filters_of(node_with("input x 3x65x65\nconv 1 65x65", "conv", {1}), false);
  CHECK(colour.filters[0].tile.width == 64);
  CHECK(colour.filters[0].tile.bytes == std::vector<uint8_t>(3 * 64 * 64, 255));
}
