#include "onnx/tensors/tensors.h"

#include <doctest/doctest.h>

#include "model_fixture.h"

using namespace cnnc;
using namespace cnnc::onnx;
using namespace cnnc::onnx::test;

namespace {

// A translation of one input, and the input.
struct Start {
  Translation t;
  View x;
  explicit Start(const Shape& shape, int64_t images = 1) {
    t.images = images;
    cnnc::Node input;
    input.name = "x";
    input.op = "input";
    input.shape = shape;
    input.covers = {"x"};
    t.graph.nodes = {input};
    t.graph.inputs = {0};
    x = plain_view(t, 0);
  }
};

View turned(const View& view, const Dims& dims, const std::vector<int64_t>& order, const Dims& result) {
  return reshaped(transposed(reshaped(view, dims).value(), order), result).value();
}

std::string operators(const Translation& t) {
  return operators_of(Network{t.graph, 1});
}

const cnnc::Node& last(const Translation& t) {
  return t.graph.nodes.back();
}

std::string why(Translation& t, NodeId (*as)(Translation&, const View&), const View& view) {
  try {
    as(t, view);
  } catch (const Unmapped& reason) {
    return reason.why;
  }
  return "";
}

}  // namespace

TEST_CASE("groups of channels that change places are a channel shuffle, made once") {
  Start s({6, 4, 5});
  const View shuffled = turned(s.x, {1, 2, 3, 4, 5}, {0, 2, 1, 3, 4}, {1, 6, 4, 5});
  const NodeId map = as_map(s.t, shuffled);
  CHECK(as_map(s.t, shuffled) == map);
  CHECK(operators(s.t) == "channel_shuffle");
  CHECK(integer(last(s.t).attributes, "groups") == 2);
}

TEST_CASE("pixels of blocks from channels, in either order, are depth_to_space") {
  Start crd({12, 4, 5});
  as_map(crd.t, turned(crd.x, {1, 3, 2, 2, 4, 5}, {0, 1, 4, 2, 5, 3}, {1, 3, 8, 10}));
  CHECK(operators(crd.t) == "depth_to_space");
  Start dcr({12, 4, 5});
  as_map(dcr.t, turned(dcr.x, {1, 2, 2, 3, 4, 5}, {0, 3, 4, 1, 5, 2}, {1, 3, 8, 10}));
  CHECK(operators(dcr.t) == "channel_shuffle depth_to_space");
}

TEST_CASE("blocks of pixels to channels, in either order, are space_to_depth") {
  Start channels_first({3, 8, 10});
  as_map(channels_first.t, turned(channels_first.x, {1, 3, 4, 2, 5, 2}, {0, 1, 3, 5, 2, 4}, {1, 12, 4, 5}));
  CHECK(operators(channels_first.t) == "space_to_depth");
  Start blocks_first({3, 8, 10});
  as_map(blocks_first.t, turned(blocks_first.x, {1, 3, 4, 2, 5, 2}, {0, 3, 5, 1, 2, 4}, {1, 12, 4, 5}));
  CHECK(operators(blocks_first.t) == "space_to_depth channel_shuffle");
}

TEST_CASE("N x C x L is a map of one row") {
  Start s({6, 1, 5}, 2);
  const View line = view_of_rank(s.t, 0, 3);
  CHECK(dims_of(line) == Dims{2, 6, 5});
  CHECK(as_map(s.t, line) == 0);
}

TEST_CASE("a map is flattened once") {
  Start s({6, 4, 5}, 2);
  const View flat = reshaped(s.x, {2, 120}).value();
  CHECK(as_vector(s.t, flat) == as_vector(s.t, flat));
  CHECK(operators(s.t) == "flatten");
}

TEST_CASE("a flatten of shuffled channels shuffles before it flattens") {
  Start s({6, 4, 5});
  as_vector(s.t, turned(s.x, {1, 2, 3, 4, 5}, {0, 2, 1, 3, 4}, {1, 120}));
  CHECK(operators(s.t) == "channel_shuffle flatten");
}

TEST_CASE("rows, columns, channels flattened: an order of the weights, or a shuffle of the vector") {
  Start s({2, 1, 3});
  const View nhwc = turned(s.x, {1, 2, 1, 3}, {0, 2, 3, 1}, {1, 6});
  const FlatVector flat = as_flat_vector(s.t, nhwc);
  CHECK(flat.order == std::vector<int64_t>{0, 3, 1, 4, 2, 5});
  CHECK(operators(s.t) == "flatten");
  as_vector(s.t, nhwc);
  CHECK(operators(s.t) == "flatten channel_shuffle");
  CHECK(as_flat_vector(s.t, reshaped(s.x, {1, 6}).value()).order.empty());
}

TEST_CASE("what makes a vector is made of convs where the vector is to be a map") {
  Start s({3, 2, 4});
  const NodeId pooled = add_node(s.t, "pool", "global_avgpool", {}, {0});
  const NodeId flat = as_vector(s.t, reshaped(plain_view(s.t, pooled), {1, 3}).value());
  const auto weights = std::make_shared<const std::vector<float>>(counting(15));
  const NodeId dense = add_node(s.t, "fc", "dense", {{"features", int64_t{5}}, {"bias", false}}, {flat},
                                {{"weight", weights}});
  const NodeId relu = add_node(s.t, "", "relu", {}, {dense});
  const NodeId map = as_map(s.t, reshaped(plain_view(s.t, relu), {1, 5, 1, 1}).value());
  CHECK(shape_of(s.t, map) == Shape{5, 1, 1});
  const cnnc::Node& conv = s.t.graph.nodes[s.t.graph.nodes[map].inputs[0]];
  CHECK(conv.op == "conv");
  CHECK(conv.name == "fc");
  CHECK((conv.parameters[0].values == weights));
  CHECK(conv.inputs[0] == pooled);
  CHECK(s.t.graph.nodes[relu].op == "flatten");
  CHECK(as_map(s.t, reshaped(plain_view(s.t, relu), {1, 5, 1, 1}).value()) == map);
}

TEST_CASE("a dense layer on a flattened map becomes a conv over all of the map") {
  Start s({3, 2, 4});
  const NodeId flat = as_vector(s.t, reshaped(s.x, {1, 24}).value());
  const auto weights = std::make_shared<const std::vector<float>>(counting(48));
  const NodeId dense = add_node(s.t, "fc", "dense", {{"features", int64_t{2}}, {"bias", false}}, {flat},
                                {{"weight", weights}});
  const NodeId map = as_map(s.t, reshaped(plain_view(s.t, dense), {1, 2, 1, 1}).value());
  CHECK(sizes(s.t.graph.nodes[map].attributes, "filter") == std::vector<int64_t>{2, 4});
}

TEST_CASE("a vector as a map of several rows and columns") {
  Start s({12});
  const NodeId relu = add_node(s.t, "", "relu", {}, {0});
  const NodeId map = as_map(s.t, reshaped(plain_view(s.t, relu), {1, 3, 2, 2}).value());
  CHECK(shape_of(s.t, map) == Shape{3, 2, 2});
  CHECK(s.t.graph.nodes[map].op == "depth_to_space");
  CHECK(shape_of(s.t, s.t.graph.inputs[0]) == Shape{12, 1, 1});
}

TEST_CASE(
    "a vector as a map of another height than width, and such a map as a pixel, by filters with a single 1") {
  Model m = model(
      {value("x", {1, 12})},
      {node("Relu", {"x"}, {"r"}), node("Reshape", {"r", "s"}, {"a"}), node("GlobalMaxPool", {"a"}, {"y"})},
      {"y"}, {{"s", integers({-1, 2, 2, 3})}});
  CHECK(run(m, {counting(12)}) == Values{6, 12});
  m = model({value("x", {1, 2, 2, 3})},
            {node("Flatten", {"x"}, {"f"}), node("Softmax", {"f"}, {"p"}), node("Reshape", {"p", "s"}, {"a"}),
             node("Conv", {"a", "w"}, {"y"})},
            {"y"}, {{"s", integers({1, 12, 1, 1})}, {"w", floats({1, 12, 1, 1}, counting(12))}});
  CHECK(close(run(m, {std::vector<float>(12)}), {6.5}));
}

TEST_CASE("an input that is reshaped before anything reads it is declared as what it becomes") {
  const Model m = model({value("x", {2, 12})},
                        {node("Reshape", {"x", "s"}, {"a"}), node("GlobalMaxPool", {"a"}, {"y"}),
                         node("Softmax", {"x"}, {"z"})},
                        {"y", "z"}, {{"s", integers({-1, 3, 2, 2})}});
  const Network network = translated(m);
  CHECK(operators_of(network) == "global_maxpool flatten softmax");
  CHECK(network.graph.nodes[network.graph.inputs[0]].shape == Shape{3, 2, 2});
  CHECK(run(network, {counting(24)})[0] == Values{4, 8, 12, 16, 20, 24});
}

TEST_CASE("N x H x W with a channel put in becomes a map of one channel, also by way of channels last") {
  const Model m = model({value("x", {1, 2, 3})},
                        {node("Unsqueeze", {"x", "last"}, {"a"}),
                         node("Transpose", {"a"}, {"b"}, {{"perm", std::vector<int64_t>{0, 3, 1, 2}}}),
                         node("MaxPool", {"b"}, {"y"}, {{"kernel_shape", std::vector<int64_t>{2, 2}}})},
                        {"y"}, {{"last", integers({3})}});
  CHECK(run(m, {counting(6)}) == Values{5, 6});
}

TEST_CASE("an input that was read keeps its dimensions") {
  const Model m = model(
      {value("x", {1, 6})},
      {node("Relu", {"x"}, {"r"}), node("Reshape", {"x", "s"}, {"a"}), node("GlobalMaxPool", {"a"}, {"y"})},
      {"r", "y"}, {{"s", integers({1, 1, 2, 3})}});
  CHECK(run(translated(m), {counting(6)})[1] == Values{6});
}

TEST_CASE("views that are no tensors of ours are refused with what they are") {
  Start s({6, 4, 5});
  CHECK(why(s.t, as_map, transposed(s.x, {0, 1, 3, 2})) ==
        "a tensor of 1x6x5x4 is 'x', 6x4x5, rearranged to what is no map of channels, rows and columns");
  CHECK(why(s.t, as_vector, reshaped(s.x, {6, 20}).value()) ==
        "a tensor of 6x20 is 'x', 6x4x5, rearranged to what is no vector of features");
  CHECK(why(s.t, as_tensor, reshaped(s.x, {1, 2, 3, 4, 5}).value()) ==
        "a tensor of 1x2x3x4x5 is 'x', 6x4x5, rearranged to what is no map of channels, rows and columns");
}

TEST_CASE("refusals call nodes and tensors as the file does, and the network beside it") {
  onnx::Node conv = node("Conv", {"x", "stem.weight"}, {"264"}),
             wider = node("Unsqueeze", {"264", "axis"}, {"265"}),
             last = node("LRN", {"265"}, {"266"}, {{"size", int64_t{3}}});
  conv.name = "Conv_12";
  last.name = "LRN_14";
  const Model m = model({value("x", {1, 1, 2, 3})}, {conv, wider, last}, {"266"},
                        {{"stem.weight", floats({2, 1, 1, 1}, {1, 2})}, {"axis", integers({1})}});
  CHECK(
      errors_of(m) ==
      "LRN 'LRN_14' ('265' to '266'): '265' of 1x1x2x2x3 is '264' ('stem' in the network), 2x2x3, "
      "rearranged to "
      "what is no map of channels, rows and columns; hint: a map is N x channels x height x width or N x "
      "channels x "
      "length, a vector N x features, N the batch; to compile what stands in front of it, add --output 265");
  Model cut = m;
  cut.outputs = {value("265", {1, 1, 2, 2, 3})};
  CHECK(run(cut, {counting(6)}) == Values{1, 2, 3, 4, 5, 6, 2, 4, 6, 8, 10, 12});
}

TEST_CASE("an input in another order than a layer needs is permuted") {
  const Model m =
      model({value("x", {1, 3, 2})},
            {node("Transpose", {"x"}, {"t"}, {{"perm", Dims{0, 2, 1}}}), node("Conv", {"t", "w"}, {"y"})},
            {"y"}, {{"w", floats({1, 2, 1}, {1, 10})}});
  CHECK(operators_of(translated(m)) == "permute conv");
  CHECK(run(m, {{1, 2, 3, 4, 5, 6}}) == Values{21, 43, 65});
}

TEST_CASE("an input of one row keeps its rows and columns, whatever it is reshaped to") {
  const Model m = model({value("x", {1, 4, 1, 2})},
                        {node("Reshape", {"x", "s"}, {"a"}), node("Relu", {"a"}, {"b"}),
                         node("MaxPool", {"b"}, {"y"}, {{"kernel_shape", std::vector<int64_t>{1, 2}}})},
                        {"y"}, {{"s", integers({1, 1, 2, 4})}});
  CHECK(translated(m).graph.nodes[0].shape == Shape{4, 1, 2});
  CHECK(run(m, {counting(8)}) == Values{2, 3, 4, 6, 7, 8});
}
