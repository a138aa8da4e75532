#include "picture/values/maps.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "picture/values/shades.h"
#include "picture/write_svg.h"
#include "unit/picture/picture_fixture.h"

using namespace cnnc;
using namespace cnnc::testing;
using namespace cnnc::picture;

namespace {

std::vector<float> numbers(size_t count, const std::vector<float>& values) {
  std::vector<float> all(count);
  for (size_t i = 0; i < count; ++i) all[i] = values[i % values.size()];
  return all;
}

Activations small_network() {
  Activations all;
  all.network = "m";
  all.input = {4, 4, 1, std::vector<uint8_t>(16, 100)};
  all.stages.push_back({"conv1", "conv 3x3", {9, 4, 4}, numbers(9 * 16, {1, 0, 2, 3, 5})});
  all.outputs.push_back({"output", "", {3}, {0.1f, 0.7f, 0.2f}});
  all.labels = {"cat", "dog", "cow"};
  return all;
}

}  // namespace

TEST_CASE("maps: of each stage seven channels, the outputs as bars with their labels, the greatest first") {
  const Drawing drawing = draw_maps(small_network());
  CHECK(marks_of<Image>(drawing).size() == 1 + 7);  // the input and the channels
  CHECK(marks_of<Box>(drawing).size() == 3);
  const std::vector<std::string> words = texts(drawing);
  CHECK(has(words, "9x4x4"));
  CHECK(std::find(words.begin(), words.end(), "dog") < std::find(words.begin(), words.end(), "cow"));
  CHECK(std::find(words.begin(), words.end(), "cow") < std::find(words.begin(), words.end(), "cat"));
  CHECK(marks_of<Box>(drawing)[0].width > 3 * marks_of<Box>(drawing)[1].width);
}

TEST_CASE("maps: the strongest channels are those that differ most from place to place") {
  const Activation map = {"x", "", {3, 1, 2}, {100, 100, 0, 8, 5, 9}};
  CHECK(strongest_channels(map, 2) == std::vector<size_t>{1, 2});
  const Activation with_nan = {"x", "", {2, 1, 2}, {NAN, 1, 3, 3}};
  CHECK(strongest_channels(with_nan, 1) == std::vector<size_t>{1});
}

TEST_CASE("maps: a map as output is a mask over the input, with the classes that most pixels are of") {
  Activations all = small_network();
  all.outputs = {{"mask", "", {2, 2, 2}, {1, 1, 1, 0, 0, 0, 0, 1}}};
  all.labels = {"ground", "digit"};
  const Drawing drawing = draw_maps(all);
  CHECK(has(texts(drawing), "ground, 75.0 %"));
  CHECK(has(texts(drawing), "digit, 25.0 %"));
  const std::vector<Image> images = marks_of<Image>(drawing);
  REQUIRE(images.size() == 1 + 2 + 2 + 7);  // the input, it in grey with the mask, two swatches, channels
  CHECK(images[1].at.x == images[2].at.x);
  CHECK(images[2].raster.channels == 4);
  all.labels.clear();
  CHECK(has(texts(draw_maps(all)), "class 1, 25.0 %"));
}

TEST_CASE("maps: an output of single pixels has bars as a vector has") {
  Activations all = small_network();
  all.outputs[0].shape = {3, 1, 1};
  CHECK(marks_of<Box>(draw_maps(all)).size() == 3);
}

TEST_CASE("maps: what the winner comes from is red, over the input") {
  Activations all = small_network();
  all.occlusion = {1, "output", 5, 1, 2, 2, 2, {4, -1}};
  const Drawing drawing = draw_maps(all);
  CHECK(has(texts(drawing), "what dog comes from"));
  CHECK(has(texts(drawing), "it falls by up to 4,"));
  const Image cells = marks_of<Image>(drawing)[2];
  CHECK(cells.raster.width == 2);
  CHECK(cells.raster.bytes[3] > cells.raster.bytes[7]);  // more opaque
  CHECK(cells.raster.bytes[0] > cells.raster.bytes[2]);  // red
  CHECK(cells.raster.bytes[4] < cells.raster.bytes[6]);  // blue
}

TEST_CASE(
    "maps: vectors are strips, other tensors a line, and more outputs than there is room for are named") {
  Activations all = small_network();
  all.stages.push_back({"fc1", "dense", {5}, {1, 2, 3, 4, 5}});
  all.outputs.push_back({"boxes", "", {2, 3}, {1, 2, 3, 4, 5, 6}});
  for (const char* name : {"c", "d"}) all.outputs.push_back({name, "", {3}, {1, 2, 3}});
  const Drawing drawing = draw_maps(all);
  CHECK(has(texts(drawing), "2x3"));
  CHECK(has(texts(drawing), "from 1 to 6"));
  CHECK(has(texts(drawing), "and 1 more outputs"));
  CHECK(marks_of<Image>(drawing).back().raster.width == 5);
  all.stages.push_back({"list", "permute", {2, 1, 40}, numbers(80, {1, 2})});
  CHECK(marks_of<Image>(draw_maps(all)).back().raster.width == 80);
}

TEST_CASE("maps: many large maps are made smaller, so that the file stays small") {
  Activations all = small_network();
  all.stages.clear();
  std::vector<float> noise(8 * 64 * 64);
  uint32_t state = 1;
  for (float& value : noise) value = static_cast<float>((state = state * 1664525 + 1013904223) >> 8);
  for (int i = 0; i < 20; ++i) all.stages.push_back({fmt::format("conv{}", i), "conv", {8, 64, 64}, noise});
  const std::string svg = to_svg(draw_maps(all));
  CHECK(svg.size() < 100000);
  CHECK(svg == to_svg(draw_maps(all)));
  all.stages.resize(1);
  CHECK(marks_of<Image>(draw_maps(all)).back().raster.width == 64);
}

TEST_CASE("maps: stages are those of the picture of volumes, without inputs and joins") {
  const Pictured network = pictured(
      "input x 3x8x8\nconv 4 3x3 pad 1 as a\nrelu\nconv 4 3x3 pad 1 as b\nadd with a\nmaxpool 2x2\nflatten\n"
      "dense 2");
  std::vector<std::string> names;
  for (const Watched& stage : watched_stages(network.stages, network.layers)) names.push_back(stage.name);
  CHECK(names == std::vector<std::string>{"a", "relu1", "b", "maxpool1", "dense1"});
}

TEST_CASE("pixels: grey has 32 levels, a smaller picture the means; NaN and infinities count for nothing") {
  const std::vector<float> values = {0, 1, 2, 3, NAN, 4, INFINITY, 4};
  CHECK(range_of(values.data(), values.size()).greatest == 4);
  const Raster grey = in_grey(values.data(), {2, 2}, {2, 2}, {0, 3});
  CHECK(grey.bytes == std::vector<uint8_t>{0, 82, 173, 255});
  CHECK(in_grey(values.data(), {2, 2}, {1, 1}, {0, 3}).bytes == std::vector<uint8_t>{132});
  CHECK(in_grey(values.data(), {2, 2}, {2, 2}, {0, 0}).bytes == std::vector<uint8_t>(4, 0));
  CHECK(size_up_to({224, 112}, 56).width == 28);
  CHECK(base64("M") == "TQ==");
  CHECK(base64("Ma") == "TWE=");
  CHECK(base64("Man") == "TWFu");
}
