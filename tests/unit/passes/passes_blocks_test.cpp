#include <doctest/doctest.h>

#include "passes/convolve_blocks.h"
#include "unit/passes/passes_fixture.h"

using namespace cnnc;
using namespace cnnc::testing;

namespace {

using Sizes = std::vector<int64_t>;

NodeId crop(Graph& g, NodeId input, int64_t axis, int64_t begin, int64_t end, int64_t step) {
  return add(g, "crop", fmt::format("crop{}", g.nodes.size()), {input},
             {{"axis", axis}, {"begin", begin}, {"end", end}, {"step", step}});
}

// Every second row and column of a map of 6 x 8, from these on.
NodeId quarter(Graph& g, NodeId input, int64_t row, int64_t column) {
  return crop(g, crop(g, input, 1, row, 6, 2), 2, column, 8, 2);
}

NodeId conv_of(Graph& g, NodeId input, const Sizes& filter, const Sizes& stride, const Sizes& pad,
               Attributes more = {}) {
  more.insert({{"channels", int64_t{5}}, {"filter", filter}, {"stride", stride}, {"pad", pad}});
  return add(g, "conv", "conv1", {input}, std::move(more));
}

NodeId focus(Graph& g, const std::vector<std::pair<int64_t, int64_t>>& quarters) {
  std::vector<NodeId> parts;
  for (const auto& [row, column] : quarters) parts.push_back(quarter(g, 0, row, column));
  return add(g, "concat", "concat1", parts);
}

NodeId focus(Graph& g) {
  return focus(g, {{0, 0}, {1, 0}, {0, 1}, {1, 1}});
}

Graph after(Graph g, NodeId output) {
  return checked(convolve_blocks, finished(std::move(g), {output}));
}

}  // namespace

TEST_CASE("convolve_blocks: a conv of a map's every second pixels is one of the map") {
  Graph g = with_input({3, 6, 8});
  const Graph result = after(g, conv_of(g, focus(g), {3, 3}, {1, 1}, {1, 1, 0, 2}));
  REQUIRE(names(result) == Names{"image", "conv1"});
  const Node& conv = result.nodes[1];
  CHECK(conv.inputs == std::vector<NodeId>{0});
  CHECK(sizes(conv.attributes, "filter") == Sizes{6, 6});
  CHECK(sizes(conv.attributes, "stride") == Sizes{2, 2});
  CHECK(sizes(conv.attributes, "pad") == Sizes{2, 2, 0, 4});
  CHECK(find_parameter(conv, "weight")->shape == Shape{5, 3, 6, 6});
}

TEST_CASE("convolve_blocks: blocks of another form, in parts, and strides") {
  Graph g = with_input({2, 6, 9});
  const NodeId depth = add(g, "space_to_depth", "depth", {crop(g, 0, 2, 1, 9, 1)}, {{"block", int64_t{2}}});
  CHECK(after(g, conv_of(g, depth, {1, 3}, {2, 1}, {0, 0, 1, 1})).nodes.size() == 3);
  Graph rows = with_input({2, 6, 7});
  const NodeId thirds =
      add(rows, "concat", "thirds",
          {crop(rows, 0, 1, 2, 6, 3), crop(rows, 0, 1, 0, 6, 3), crop(rows, 0, 1, 1, 6, 3)});
  const Graph result = after(rows, conv_of(rows, thirds, {2, 3}, {1, 2}, {1, 0, 1, 1}));
  CHECK(result.nodes.size() == 2);
  CHECK(sizes(result.nodes[1].attributes, "filter") == Sizes{6, 3});
}

TEST_CASE("convolve_blocks: what another reader has of the blocks stays") {
  Graph g = with_input({3, 6, 8});
  const NodeId blocks = focus(g), conv = conv_of(g, blocks, {1, 1}, {1, 1}, {0, 0, 0, 0});
  const Graph result = checked(convolve_blocks, finished(g, {conv, add(g, "relu", "relu1", {blocks})}));
  CHECK(result.nodes[static_cast<size_t>(result.outputs[0].node)].inputs == std::vector<NodeId>{0});
  CHECK(result.nodes.size() == g.nodes.size());
}

TEST_CASE(
    "convolve_blocks: no conv where parts are missing or twice there, or Winograd's transforms would go") {
  const auto stays = [](Graph& g, NodeId blocks, Attributes more = {}, Sizes filter = {1, 1}) {
    return after(g, conv_of(g, blocks, filter, {1, 1}, {0, 0, 0, 0}, std::move(more))).nodes.size() ==
           g.nodes.size();
  };
  Graph twice = with_input({3, 6, 8});
  CHECK(stays(twice, focus(twice, {{0, 0}, {1, 0}, {0, 1}, {0, 1}})));
  Graph missing = with_input({3, 6, 8});
  CHECK(stays(missing, focus(missing, {{0, 0}, {1, 0}, {1, 1}})));
  Graph shorter = with_input({1, 7, 8});  // the last row is in no block
  CHECK(stays(shorter, focus(shorter)));
  Graph groups = with_input({2, 6, 8});
  CHECK(stays(groups, focus(groups), {{"groups", int64_t{2}}, {"channels", int64_t{4}}}));
  Graph wide = with_input({3, 6, 8});
  CHECK(stays(wide, focus(wide), {{"dilation", Sizes{2, 2}}}, {2, 2}));
  Graph many = with_input({9, 6, 8});
  CHECK(stays(many, focus(many), {}, {3, 3}));
  Graph plain = with_input({3, 6, 8});
  CHECK(stays(plain, add(plain, "relu", "relu1", {0})));
}
