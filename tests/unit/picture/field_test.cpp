#include "picture/field.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

#include "unit/picture/picture_fixture.h"

using namespace cnnc;
using namespace cnnc::testing;
using namespace cnnc::picture;

namespace {

// "begin, step, size" of the rows that the named node sees.
std::string rows_seen(const std::string& text, const std::string& name) {
  const Graph graph = graph_of(text);
  const std::vector<std::optional<Field>> fields = fields_of(graph);
  for (size_t i = 0; i < graph.nodes.size(); ++i)
    if (graph.nodes[i].name == name)
      return fields[i] ? fmt::format("{}, {}, {}", fields[i]->rows.begin, fields[i]->rows.step,
                                     fields[i]->rows.size)
                       : "none";
  return "no such node";
}

const std::string kInput = "input image 3x32x32\n";

}  // namespace

TEST_CASE("field: filters add up, each by the step of what it reads; padding lies before the input") {
  const std::string text =
      kInput +
      "conv 4 7x7 stride 2 pad 3 as a\nmaxpool 3x3 stride 2 pad 1 as b\nconv 4 3x3 pad 1 as c\n"
      "conv 4 1x1 as d\nconv 4 3x3 dilation 2 pad 2 as e\n";
  CHECK(rows_seen(text, "a") == "-3, 2, 7");
  CHECK(rows_seen(text, "b") == "-5, 4, 11");
  CHECK(rows_seen(text, "c") == "-9, 4, 19");
  CHECK(rows_seen(text, "d") == "-9, 4, 19");
  CHECK(rows_seen(text, "e") == "-17, 4, 35");
  CHECK(rows_seen(kInput + "pad 3 1 0 0\nmaxpool 2x2 as a\n", "a") == "-3, 2, 2");
}

TEST_CASE("field: a global pool sees what all of its input sees; a vector has no field") {
  const std::string text = kInput + "conv 4 3x3 stride 2 pad 1 as a\nglobal_avgpool as b\nflatten as c\n";
  CHECK(rows_seen(text, "b") == "-1, 2, 33");
  CHECK(rows_seen(text, "c") == "none");
}

TEST_CASE(
    "field: upsampling divides the step; a transposed convolution with a filter of its stride adds nothing") {
  CHECK(rows_seen(kInput + "maxpool 4x4\nupsample 2 as a\n", "a") == "0, 2, 4");
  CHECK(rows_seen(kInput + "maxpool 4x4\nupsample 2 mode bilinear as a\n", "a") == "0, 2, 8");
  CHECK(rows_seen(kInput + "maxpool 4x4\nupconv 3 2x2 stride 2 as a\n", "a") == "0, 2, 4");
  CHECK(rows_seen(kInput + "maxpool 4x4\nupconv 3 4x4 stride 2 pad 1 as a\n", "a") == "-4, 2, 8");
}

TEST_CASE("field: a join sees what any of its inputs sees, a gate's vector aside") {
  CHECK(rows_seen(kInput + "residual as r { conv 3 3x3 pad 1; conv 3 5x5 pad 2 }\n", "r") == "-3, 1, 7");
  CHECK(rows_seen(kInput + "conv 3 3x3 pad 1\ngate as g { global_avgpool; conv 3 1x1; sigmoid }\n", "g") ==
        "-1, 1, 3");
}

TEST_CASE("field: the picture has a cell for each layer that sees more, with its numbers") {
  const Drawing drawing =
      draw_field(graph_of("network net\n" + kInput +
                          "conv 4 3x3 stride 2 pad 1 as a\nrelu\nconv 4 1x1 as b\nmaxpool 2x2 as c\n"));
  const std::vector<std::string> found = texts(drawing);
  CHECK(std::vector<std::string>(found.begin() + 2, found.end()) ==
        std::vector<std::string>{"a", "sees 3x3", "step 2, pad 1", "c", "sees 5x5", "step 4, pad 1"});
}

TEST_CASE("field: behind a permute that brings channels to the front, rows are those of the picture") {
  const std::string text = "input image 32x48x3 from rgb8\naffine 2 1\n";
  CHECK(rows_seen(text + "permute 2 0 1\nconv 4 5x5 stride 2 pad 2 as a\n", "a") == "-2, 2, 5");
  CHECK(rows_seen(text + "permute 2 1 0\nconv 4 5x5 stride 2 pad 2 as a\n", "a") == "none");
  CHECK(rows_seen("input image 3x32x32\nconv 4 3x3\npermute 2 0 1\nrelu as a\n", "a") == "none");
  const Graph graph = graph_of("input image 32x48x3 from rgb8\npermute 2 0 1\n");
  const std::optional<Field> field = fields_of(graph)[1];
  REQUIRE(field);
  CHECK(field->rows.input == 32);
  CHECK(field->columns.input == 48);
}
