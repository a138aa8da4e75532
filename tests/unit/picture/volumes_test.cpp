#include "picture/volumes/volumes.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "picture/volumes/arcs.h"
#include "picture/words.h"
#include "picture/write_svg.h"
#include "unit/picture/picture_fixture.h"

using namespace cnnc;
using namespace cnnc::testing;
using namespace cnnc::picture;

namespace {

Drawing drawn(const std::string& text, StageOptions options = {}) {
  const Pictured network = pictured(text, options);
  return draw_volumes(network.name, network.stages, network.layers);
}

size_t count(const Drawing& drawing, const std::string& text) {
  const std::vector<std::string> all = texts(drawing);
  return static_cast<size_t>(std::count(all.begin(), all.end(), text));
}

constexpr const char* kChain =
    "network chain\ninput image 3x32x32\nconv 8 3x3 pad 1 as conv1\nmaxpool 2x2\nflatten\ndense 10 as fc\n";

// A network too long for a row, whose last layer reads the first.
std::string long_network() {
  std::string text = "input image 3x32x32\n";
  for (int i = 1; i <= 12; ++i)
    text += "conv " + std::to_string(i) + " 3x3 pad 1 as layer" + std::to_string(i) + "\n";
  return text + "concat with layer1\n";
}

}  // namespace

TEST_CASE("volumes: each stage has its name, size and operator below its block, a pool those of its block") {
  const std::vector<std::string> expected = {
      "chain",    "image",       "3x32x32", "conv1", "8x32x32",
      "conv 3x3", "max 2x2",     "fc",      "10",    "dense",
      "input",    "convolution", "pooling", "dense", "height: resolution, width: channels"};
  CHECK(texts(drawn(kChain)) == expected);
}

TEST_CASE("volumes: a block has three faces in its layer's colour; with fewer pixels it is lower") {
  const std::vector<Polygon> faces = marks_of<Polygon>(drawn(kChain));
  const auto height = [&](const std::string& look) {
    const auto front =
        std::find_if(faces.begin(), faces.end(), [&](const Polygon& p) { return p.look == look; });
    REQUIRE(front != faces.end());
    return front->corners[0].y - front->corners[1].y;
  };
  CHECK(std::count_if(faces.begin(), faces.end(),
                      [](const Polygon& p) { return p.look.rfind("conv", 0) == 0; }) == 3);
  CHECK(height("conv") == height("input"));
  CHECK(height("pool") < height("conv"));
}

TEST_CASE("volumes: blocks of films are as high as their frames are, too") {
  const std::vector<Polygon> faces = marks_of<Polygon>(
      drawn("input frames 3x4x32x32\nconv3d 8 3 pad 1 as conv1\nmaxpool3d 2\nconv3d 8 3 pad 1 as conv2\n"));
  std::vector<double> heights;  // of the fronts
  for (const Polygon& face : faces)
    if (face.look == "conv") heights.push_back(face.corners[0].y - face.corners[1].y);
  REQUIRE(heights.size() == 2);
  CHECK(heights[1] < heights[0]);
}

TEST_CASE("volumes: a long network has rows, and what reaches over them is named where it ends") {
  const Drawing drawing = drawn(long_network());
  CHECK(count(drawing, "concat layer1") == 1);
  CHECK(drawing.width == 640);
  CHECK(drawing.height > drawn(kChain).height + 100);
}

TEST_CASE("arcs: the name of what comes from another row stays within the picture") {
  const std::vector<ArcPlace> places = {{300, 0, 50, {}}, {20, 1, 50, {}}, {630, 1, 50, {}}};
  const std::vector<Arc> arcs = {{0, 1, "concat", "a_name_that_is_long"}, {0, 2, "", "a_name_that_is_long"}};
  Drawing drawing;
  drawing.parts = draw_arcs(arcs, places, levels_of(arcs, places), {100, 300}, {60, 60});
  const std::vector<Label> labels = marks_of<Label>(drawing);
  REQUIRE(labels.size() == 2);
  CHECK(labels[0].text == "concat a_name_that_is_long");
  CHECK(labels[0].at.x - text_width(labels[0].text, 10) / 2 >= 0);
  CHECK(labels[1].text == "from a_name_that_is_long");
  CHECK(labels[1].at.x + text_width(labels[1].text, 10) / 2 <= kPictureWidth);
}

TEST_CASE("arcs: those that overlap lie on levels of their own, the shorter one below") {
  const std::vector<ArcPlace> places = {
      {10, 0, 50, {}}, {110, 0, 50, {}}, {210, 0, 50, {}}, {310, 0, 50, {}}};
  CHECK(levels_of({{0, 3, "", ""}, {1, 2, "", ""}}, places).of_arcs == std::vector<int>{1, 0});
  CHECK(levels_of({{0, 1, "", ""}, {1, 3, "", ""}}, places).of_arcs == std::vector<int>{0, 0});
}

TEST_CASE("volumes: no text reaches over the picture's edge, and no two of a row meet") {
  const std::vector<Label> labels = marks_of<Label>(drawn(long_network()));
  for (const Label& a : labels) {
    if (a.anchor != Anchor::middle) continue;
    const double half = text_width(a.text, 10) / 2;
    CHECK(a.at.x - half >= 0);
    CHECK(a.at.x + half <= 640);
    for (const Label& b : labels)
      if (&a != &b && b.anchor == Anchor::middle && a.at.y == b.at.y)
        CHECK(std::abs(a.at.x - b.at.x) >= half + text_width(b.text, 10) / 2);
  }
}

TEST_CASE("volumes: shortcuts within a stage are a loop with words, those between stages arcs") {
  const std::string residual =
      "block basic(n) { residual { conv n 3x3 pad 1; relu; conv n 3x3 pad 1 } }\n"
      "input image 4x8x8\nconv 4 3x3 pad 1 as stem\nbasic(4) as one\n";
  CHECK(count(drawn(residual), "identity") == 1);
  CHECK(count(drawn(residual, {true}), "identity") == 1);
  CHECK(marks_of<Circle>(drawn(residual)).empty());
  CHECK(marks_of<Circle>(drawn(residual, {true})).size() == 1);
}

TEST_CASE("words: a long path loses its front, another name its middle") {
  CHECK(shortened("features.10–14", 14) == "features.10–14");
  CHECK(shortened("model.22.cv3.0.conv", 10) == "…v3.0.conv");
  CHECK(shortened("abcdefghijklmnop", 7) == "abc…nop");
}

TEST_CASE("write_svg: text is escaped, numbers are short, and both colour schemes are there") {
  const Drawing drawing{12.04, -0.01, "a<b", {{"x&y", {Label{{1.25, 2}, "1 < 2 & \"3\"", "faint"}}}}};
  const std::string svg = to_svg(drawing);
  CHECK(svg.find("viewBox=\"0 0 12 0\"") != std::string::npos);
  CHECK(svg.find("aria-label=\"a&lt;b\"") != std::string::npos);
  CHECK(svg.find("<g><title>x&amp;y</title><text x=\"1.3\" y=\"2\" text-anchor=\"middle\" class=\"faint\">"
                 "1 &lt; 2 &amp; &quot;3&quot;</text></g>") != std::string::npos);
  CHECK(svg.find("prefers-color-scheme: dark") != std::string::npos);
  CHECK(svg.find("<script") == std::string::npos);
}
