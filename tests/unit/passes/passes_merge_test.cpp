// The passes that find one value computed twice, and channels moved to and fro.
#include <doctest/doctest.h>

#include "passes/common_subexpressions.h"
#include "passes/merge_channels.h"
#include "unit/passes/passes_fixture.h"

using namespace cnnc;
using namespace cnnc::testing;

namespace {

NodeId slice(Graph& graph, const std::string& name, NodeId input, int64_t begin, int64_t end) {
  return add(graph, "slice", name, {input}, {{"begin", begin}, {"end", end}});
}

NodeId split(Graph& graph, const std::string& name, NodeId input, int64_t parts, int64_t part) {
  return add(graph, "split", name, {input}, {{"parts", parts}, {"part", part}});
}

NodeId shuffle(Graph& graph, const std::string& name, NodeId input, int64_t groups) {
  return add(graph, "channel_shuffle", name, {input}, {{"groups", groups}});
}

// The only consumer of a tensor: something that no pass here touches.
NodeId used(Graph& graph, NodeId input) {
  return add(graph, "relu", "used", {input});
}

std::vector<std::string> input_names(const Graph& graph, const Node& node) {
  std::vector<std::string> result;
  for (const NodeId input : node.inputs) result.push_back(graph.nodes[input].name);
  return result;
}

}  // namespace

TEST_CASE("common_subexpressions: of equal nodes the first stays and covers the others") {
  Graph g = with_input();
  NodeId a = add(g, "relu", "a", {0}), b = add(g, "relu", "b", {0}), c = add(g, "tanh", "c", {0});
  NodeId p = add(g, "maxpool", "p", {a}, {{"filter", std::vector<int64_t>{2, 2}}});
  NodeId q = add(g, "maxpool", "q", {b}, {{"filter", std::vector<int64_t>{2, 2}}});
  Graph after = checked(common_subexpressions, finished(g, {add(g, "add", "sum", {p, q}), c, b}));
  CHECK(names(after) == Names{"image", "a", "c", "p", "sum"});
  CHECK(after.nodes[1].covers == Names{"b", "a"});
  CHECK(after.nodes[3].covers == Names{"q", "p"});
  CHECK(input_names(after, after.nodes[4]) == Names{"p", "p"});
  CHECK(after.outputs[2].node == 1);
}

TEST_CASE("common_subexpressions: other attributes, inputs, epilogues or orders of inputs are other values") {
  Graph g = with_input();
  NodeId a = add(g, "relu", "a", {0}), b = add(g, "tanh", "b", {0}), c = add(g, "relu", "c", {a});
  NodeId d = add(g, "concat", "d", {a, b}), e = add(g, "concat", "e", {b, a});
  NodeId s = slice(g, "s", 0, 0, 2), t = slice(g, "t", 0, 1, 3);
  NodeId x = add(g, "add", "x", {a, b}), y = add(g, "add", "y", {a, b}), z = add(g, "add", "z", {a, b});
  g.nodes[y].epilogue = {{"relu", {}, -1}};
  g.nodes[z].epilogue = {{"tanh", {}, -1}};
  const Graph before = finished(g, {c, d, e, s, t, x, y, z});
  CHECK(to_string(checked(common_subexpressions, before)) == to_string(before));
}

TEST_CASE("common_subexpressions: parameters are equal by their values, and without values never") {
  Graph g = with_input();
  NodeId a = conv(g, "a", 0, true), b = conv(g, "b", 0, true), c = conv(g, "c", 0, true),
         d = conv(g, "d", 0, true);
  Graph bound = finished(g, {a, b, c, d});
  CHECK(checked(common_subexpressions, bound).nodes.size() == 5);
  bound.nodes[b].parameters = bound.nodes[a].parameters;
  for (const Parameter& p : bound.nodes[a].parameters)
    set_values(bound.nodes[c], p.name, *p.values);  // a copy
  CHECK(names(checked(common_subexpressions, bound)) == Names{"image", "a", "d"});
  for (Parameter& p : bound.nodes[c].parameters)
    if (p.name == "bias") set_values(bound.nodes[c], "bias", std::vector<float>(p.values->size(), 0.25f));
  CHECK(names(checked(common_subexpressions, bound)) == Names{"image", "a", "c", "d"});
  CHECK(common_subexpressions(finished(g, {a, b, c, d}, false)).nodes.size() == 5);
}

TEST_CASE("common_subexpressions: inputs of one shape stay two") {
  Graph g = with_input();
  g.nodes.push_back({"other", "input", {}, {}, {4, 5, 6}, {}, {}, {"other"}, {}});
  g.inputs.push_back(1);
  const Graph before = finished(g, {add(g, "add", "sum", {0, 1})});
  CHECK(to_string(checked(common_subexpressions, before)) == to_string(before));
}

TEST_CASE("merge_channels: a slice of a slice is a slice, the first one stays where it is used") {
  Graph g = with_input({8, 5, 6});
  NodeId s = slice(g, "s", 0, 2, 7), t = split(g, "t", slice(g, "t0", s, 1, 5), 2, 1);
  Graph after = checked(merge_channels, finished(g, {used(g, t)}));
  REQUIRE(names(after) == Names{"image", "t", "used"});
  CHECK(after.nodes[1].attributes == Attributes{{"begin", int64_t{5}}, {"end", int64_t{7}}});
  after = checked(merge_channels, finished(g, {t, s}));
  CHECK(names(after) == Names{"image", "s", "t"});
}

TEST_CASE("merge_channels: a slice of a concat is a slice of the tensor it lies in, or that tensor") {
  Graph g = with_input({4, 5, 6});
  NodeId a = add(g, "tanh", "a", {0}), b = add(g, "sigmoid", "b", {0}), c = add(g, "concat", "c", {a, b, 0});
  NodeId in_b = slice(g, "in_b", c, 5, 7), all_b = split(g, "all_b", c, 3, 1),
         of_two = slice(g, "of_two", c, 3, 5), all = slice(g, "all", c, 0, 12),
         all_image = slice(g, "all_image", c, 8, 12);
  const auto after_with = [&](NodeId output) { return checked(merge_channels, finished(g, {output})); };
  Graph after = after_with(in_b);
  REQUIRE(names(after) == Names{"image", "b", "in_b"});
  CHECK(after.nodes[2].attributes == Attributes{{"begin", int64_t{1}}, {"end", int64_t{3}}});
  after = after_with(all_b);
  REQUIRE(names(after) == Names{"image", "b"});
  CHECK(after.nodes[1].covers == Names{"all_b", "b"});
  CHECK(names(after_with(of_two)) == Names{"image", "a", "b", "c", "of_two"});
  CHECK(names(after_with(all)) == Names{"image", "a", "b", "c"});
  after = after_with(all_image);
  REQUIRE(names(after) == Names{"image"});
  CHECK(after.nodes[0].covers == Names{"image"});
}

TEST_CASE("merge_channels: a concat of all parts of a tensor, in order, is the tensor") {
  Graph g = with_input({6, 5, 6});
  NodeId x = add(g, "tanh", "x", {0});
  NodeId p = split(g, "p", x, 3, 0), q = split(g, "q", x, 3, 1), r = slice(g, "r", x, 4, 6);
  const auto size_with = [&](const std::vector<NodeId>& parts) {
    Graph with = g;
    return checked(merge_channels, finished(with, {used(with, add(with, "concat", "c", parts))}))
        .nodes.size();
  };
  CHECK(size_with({p, q, r}) == 3);
  CHECK(size_with({p, r, q}) == 7);
  CHECK(size_with({p, q}) == 6);
  CHECK(size_with({q, r}) == 6);
  CHECK(size_with({p, q, r, x}) == 7);
}

TEST_CASE("merge_channels: a concat takes over the inputs of a concat that has no other use") {
  Graph g = with_input({2, 5, 6});
  NodeId a = add(g, "tanh", "a", {0}), b = add(g, "sigmoid", "b", {0});
  NodeId inner = add(g, "concat", "inner", {a, b}), outer = add(g, "concat", "outer", {0, inner, a});
  NodeId last = add(g, "concat", "last", {outer, b});
  Graph after = checked(merge_channels, finished(g, {last}));
  REQUIRE(names(after) == Names{"image", "a", "b", "last"});
  CHECK(input_names(after, after.nodes[3]) == Names{"image", "a", "b", "a", "b"});
  CHECK(after.nodes[3].covers == Names{"inner", "outer", "last"});
  after = checked(merge_channels, finished(g, {last, inner}));
  REQUIRE(names(after) == Names{"image", "a", "b", "inner", "last"});
  CHECK(input_names(after, after.nodes[4]) == Names{"image", "inner", "a", "b"});
}

TEST_CASE("merge_channels: a concat that comes to stand for other nodes has their uses") {
  Graph g = with_input({2, 5, 6});
  NodeId a = add(g, "tanh", "a", {0}), inner = add(g, "concat", "inner", {a, 0});
  NodeId same = slice(g, "same", inner, 0, 4), outer = add(g, "concat", "outer", {same, a});
  Graph after = checked(merge_channels, finished(g, {outer, used(g, same)}));
  CHECK(names(after) == Names{"image", "a", "inner", "outer", "used"});
}

TEST_CASE("merge_channels: a shuffle goes that another undoes, or that changes nothing") {
  Graph g = with_input({12, 5, 6});
  NodeId x = add(g, "tanh", "x", {0}), s = shuffle(g, "s", x, 3);
  NodeId undone = shuffle(g, "undone", s, 4), twice = shuffle(g, "twice", s, 3),
         one = shuffle(g, "one", x, 1), all = shuffle(g, "all", x, 12);
  const auto names_with = [&](NodeId output) {
    return names(checked(merge_channels, finished(g, {output})));
  };
  CHECK(names_with(undone) == Names{"image", "x"});
  CHECK(names_with(one) == Names{"image", "x"});
  CHECK(names_with(all) == Names{"image", "x"});
  CHECK(names_with(twice) == Names{"image", "x", "s", "twice"});
}

TEST_CASE("merge_channels: what ShuffleNet and DenseNet do stays as it is") {
  Graph g = with_input({8, 5, 6});
  NodeId left = split(g, "left", 0, 2, 0), right = add(g, "tanh", "right", {split(g, "half", 0, 2, 1)});
  NodeId unit = shuffle(g, "unit", add(g, "concat", "join", {left, right}), 2);
  NodeId grown = add(g, "concat", "grown", {unit, conv(g, "conv1", unit)});
  const Graph before = finished(g, {add(g, "concat", "more", {grown, conv(g, "conv2", grown)})});
  CHECK(to_string(checked(merge_channels, before)) == to_string(before));
}

TEST_CASE("merge_channels: long chains take a moment") {
  Graph g = with_input({4000, 1, 1});
  NodeId all = 0;
  for (int64_t n = 3999; n > 0; --n) all = slice(g, fmt::format("s{}", n), all, 0, n);
  NodeId joined = 0;
  for (int i = 0; i < 3000; ++i) joined = add(g, "concat", fmt::format("c{}", i), {joined, all});
  CHECK(merge_channels(finished(g, {joined})).nodes.size() == 3);
}
