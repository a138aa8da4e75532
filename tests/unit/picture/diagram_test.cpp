#include "picture/diagram/diagram.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "unit/picture/picture_fixture.h"

using namespace cnnc;
using namespace cnnc::testing;
using namespace cnnc::picture;

namespace {

Drawing diagram(const std::string& text, bool expand = false) {
  const Pictured network = pictured(text, {expand});
  return draw_diagram(network.name, network.tree, network.layers);
}

using Texts = std::vector<std::string>;

constexpr const char* kRepeated =
    "network repeated\n"
    "block basic(n) { residual { conv n 3x3 pad 1 as conv1; relu } }\n"
    "input image 4x8x8\nconv 4 1x1 as stem\ngroup layer1 { repeat 3 { basic(4) } }\n";

size_t boxes_of(const Drawing& drawing, const std::string& look) {
  const std::vector<Box> boxes = marks_of<Box>(drawing);
  return static_cast<size_t>(
      std::count_if(boxes.begin(), boxes.end(), [&](const Box& b) { return b.look == look; }));
}

}  // namespace

TEST_CASE(
    "diagram: a box a layer with its name, operator and size, in its scopes; repeated ones are counted") {
  const Drawing drawing = diagram(kRepeated);
  CHECK(texts(drawing) == Texts{"repeated", "image", "4x8x8", "stem: conv 1x1", "4x8x8", "conv1: conv 3x3",
                                "4x8x8", "+", "0: basic  × 3", "layer1"});
  CHECK(boxes_of(drawing, "cluster") == 2);
  CHECK(boxes_of(drawing, "layer") == 3);
}

TEST_CASE("diagram: expanded, each repetition is there") {
  const Drawing drawing = diagram(kRepeated, true);
  CHECK(boxes_of(drawing, "cluster") == 4);
  CHECK(boxes_of(drawing, "layer") == 5);
}

TEST_CASE("diagram: each box lies in its scope, and no two layers overlap") {
  const std::vector<Box> boxes = marks_of<Box>(diagram(kRepeated, true));
  const auto inside = [](const Box& a, const Box& b) {
    return a.at.x >= b.at.x && a.at.y >= b.at.y && a.at.x + a.width <= b.at.x + b.width &&
           a.at.y + a.height <= b.at.y + b.height;
  };
  const auto apart = [](const Box& a, const Box& b) {
    return a.at.x + a.width <= b.at.x || b.at.x + b.width <= a.at.x || a.at.y + a.height <= b.at.y ||
           b.at.y + b.height <= a.at.y;
  };
  for (const Box& a : boxes)
    for (const Box& b : boxes)
      if (&a != &b) CHECK((apart(a, b) || inside(a, b) || inside(b, a)));
}

TEST_CASE("diagram: an output has a strong border, and what several layers read reaches each of them") {
  const Drawing drawing = diagram(
      "input image 3x8x8\nconv 4 1x1 as stem\nconv 2 1x1 as a\noutput\nfrom stem\n"
      "conv 3 1x1 as b\noutput as second\n");
  CHECK(boxes_of(drawing, "layer result") == 2);
  const std::vector<Path> ways = marks_of<Path>(drawing);
  CHECK(std::count_if(ways.begin(), ways.end(), [](const Path& way) { return way.arrow; }) == 3);
}

TEST_CASE("diagram: scopes that differ, or whose middle is read, are not folded") {
  CHECK(
      boxes_of(diagram("block two(n) { conv n 3x3 pad 1; conv n 1x1 }\ninput image 4x8x8\ntwo(4)\ntwo(4)\n"),
               "cluster") == 1);
  CHECK(
      boxes_of(diagram("block two(n) { conv n 3x3 pad 1; conv n 1x1 }\ninput image 4x8x8\ntwo(4)\ntwo(5)\n"),
               "cluster") == 2);
  CHECK(
      boxes_of(diagram("block two(n) { conv n 3x3 pad 1 as a; conv n 1x1 }\ninput image 4x8x8\ntwo(4) as x\n"
                       "two(4) as y\nadd with x.a\n"),
               "cluster") == 2);
}

TEST_CASE("diagram: layers that all read the first are drawn, and refused where the rows are too many") {
  const auto text = [](int layers) {
    return "input image 4x8x8\nconv 4 1x1 as stem\nrepeat " + std::to_string(layers) +
           " { conv 4 1x1; add with stem }\n";
  };
  CHECK(boxes_of(diagram(text(500)), "layer") == 502);
  const Pictured large = pictured(text(1000));
  try {
    draw_diagram(large.name, large.tree, large.layers);
    FAIL("the diagram is drawn");
  } catch (const TooLarge& error) {
    CHECK(
        error.message ==
        "the diagram is too large: up to here, the edges between its layers lead past more than 524288 rows "
        "of boxes");
    CHECK(text(1000).substr(error.where.begin, 13) == "add with stem");
  }
}
