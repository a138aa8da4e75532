// Shapes, attributes, the graph's invariants and its printer.
#include "graph/graph.h"

#include <doctest/doctest.h>

#include <functional>
#include <stdexcept>

using namespace cnnc;

namespace {

using Sizes = std::vector<int64_t>;

Node node(std::string name, std::string op, std::vector<NodeId> inputs, Shape shape,
          Attributes attributes = {}) {
  Node n;
  n.name = name;
  n.op = std::move(op);
  n.inputs = std::move(inputs);
  n.shape = std::move(shape);
  n.attributes = std::move(attributes);
  n.covers = {std::move(name)};
  return n;
}

Graph small() {
  Graph g;
  g.name = "small";
  g.nodes = {node("image", "input", {}, {3, 8, 8}),
             node("conv1", "conv", {0}, {3, 8, 8},
                  {{"bias", false},
                   {"channels", int64_t{3}},
                   {"dilation", Sizes{1, 1}},
                   {"filter", Sizes{3, 3}},
                   {"pad", Sizes{1, 1, 1, 1}},
                   {"stride", Sizes{1, 1}}}),
             node("conv2", "conv", {1, 0}, {3, 8, 8}, {{"pad", std::string("same")}}),
             node("flatten1", "flatten", {2}, {192})};
  g.nodes[1].parameters = {{"weight", {3, 3, 3, 3}, nullptr}};
  g.nodes[2].epilogue = {{"add", {}, 1}, {"relu", {}, -1}};
  g.nodes[2].covers = {"add1", "relu1", "conv2"};
  g.inputs = {0};
  g.outputs = {{"features", 3}};
  return g;
}

std::string fault(const std::function<void(Graph&)>& change) {
  Graph g = small();
  change(g);
  try {
    verify(g);
  } catch (const std::logic_error& e) {
    return e.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a shape's elements are counted without overflow") {
  CHECK(Shape{64, 56, 56}.elements() == 200704);
  CHECK(!Shape{int64_t{1} << 32, int64_t{1} << 32, 1}.checked_elements());
  CHECK(!Shape{-1, 4, 4}.checked_elements());
  CHECK_THROWS_AS(Shape({int64_t{1} << 62, 2, 1}).elements(), std::logic_error);
  CHECK(to_string(Shape{64, 56, 56}) == "64x56x56");
  CHECK(Shape{120}.height() == 1);
}

TEST_CASE("attributes print as the language writes them") {
  CHECK(to_string(AttributeValue{int64_t{64}}) == "64");
  CHECK(to_string(AttributeValue{0.5}) == "0.5");
  CHECK(to_string(AttributeValue{true}) == "on");
  CHECK(to_string(AttributeValue{false}) == "off");
  CHECK(to_string(AttributeValue{std::string("same")}) == "same");
  CHECK(to_string(AttributeValue{Sizes{3, 5}}) == "3x5");
  CHECK(to_string(AttributeValue{Sizes{2, 2, 2, 2}}) == "2");
  CHECK(to_string(AttributeValue{Sizes{1, 1, 2, 2}}) == "1x2");
  CHECK(to_string(AttributeValue{Sizes{0, 1, 0, 1}}) == "0 1 0 1");
}

TEST_CASE("an attribute that is missing or of another type is a fault") {
  const Attributes a = {{"channels", int64_t{6}}, {"pad", std::string("same")}};
  CHECK(integer(a, "channels") == 6);
  CHECK_THROWS_WITH_AS(integer(a, "groups"), "no attribute 'groups'", std::logic_error);
  CHECK_THROWS_WITH_AS(sizes(a, "pad"), "attribute 'pad' is not sizes", std::logic_error);
  CHECK_THROWS_WITH_AS(real(a, "channels"), "attribute 'channels' is not a real", std::logic_error);
  CHECK_THROWS_WITH_AS(is_on(a, "channels"), "attribute 'channels' is not on or off", std::logic_error);
}

TEST_CASE("a graph prints one aligned line a node") {
  CHECK(to_string(small()) ==
        "network small\n"
        "image     input                                                               3x8x8\n"
        "conv1     conv bias off channels 3 filter 3x3 pad 1 stride 1x1  image         3x8x8\n"
        "conv2     conv pad same                                         conv1, image  3x8x8  + add image + "
        "relu "
        "covers add1, relu1, conv2\n"
        "flatten1  flatten                                               conv2         192\n"
        "output flatten1 as features\n");
}

TEST_CASE("a parameter is found by its name") {
  const Graph g = small();
  REQUIRE(find_parameter(g.nodes[1], "weight"));
  CHECK(find_parameter(g.nodes[1], "weight")->shape == Shape{3, 3, 3, 3});
  CHECK(find_parameter(g.nodes[1], "bias") == nullptr);
}

TEST_CASE("verify names the invariant that a graph breaks") {
  CHECK(fault([](Graph&) {}) == "");
  CHECK(fault([](Graph& g) { g.nodes[1].name = "image"; }) ==
        "node 'image' (conv): it is not called after the last node that it covers");
  CHECK(fault([](Graph& g) {
          g.nodes[1].name = "image";
          g.nodes[1].covers = {"image"};
        }) == "node 'image' (conv): its name is not unique");
  CHECK(fault([](Graph& g) {
          g.nodes[3].covers = {"conv1", "flatten1"};
        }) == "node 'flatten1' (flatten): it covers a node that is covered already");
  CHECK(fault([](Graph& g) {
          g.nodes[3].covers = {"dense1", "relu1"};
        }) == "node 'flatten1' (flatten): it is not called after the last node that it covers");
  CHECK(fault([](Graph& g) { g.nodes[3].covers = {}; }) == "");
  CHECK(fault([](Graph& g) { g.nodes[1].inputs = {2}; }) ==
        "node 'conv1' (conv): an input does not stand before it");
  CHECK(fault([](Graph& g) { g.nodes[1].inputs = {}; }) ==
        "node 'conv1' (conv): only an input has no inputs of its own");
  CHECK(fault([](Graph& g) { g.inputs = {}; }) ==
        "node 'image' (input): inputs and the list of inputs differ");
  CHECK(fault([](Graph& g) { g.inputs = {0, 9}; }) == "an input of the graph is no node");
  CHECK(fault([](Graph& g) { g.nodes[3].shape = {0}; }) ==
        "node 'flatten1' (flatten): its shape is none of a tensor");
  CHECK(fault([](Graph& g) { g.nodes[1].parameters[0].values = std::make_shared<std::vector<float>>(3); }) ==
        "node 'conv1' (conv): a parameter's values do not fill its shape");
  CHECK(fault([](Graph& g) { g.nodes[1].parameters.push_back(g.nodes[1].parameters[0]); }) ==
        "node 'conv1' (conv): its parameters' names are not unique");
  CHECK(fault([](Graph& g) { g.nodes[2].epilogue[0].operand = 2; }) ==
        "node 'conv2' (conv): an operand of its epilogue is none of its inputs");
  CHECK(fault([](Graph& g) {
          g.nodes[0].shape = {3, 4, 4};
        }) == "node 'conv2' (conv): its epilogue joins a tensor of another shape");
  CHECK(fault([](Graph& g) { g.outputs = {}; }) == "the graph has no output");
  CHECK(fault([](Graph& g) { g.outputs[0].node = 4; }) == "output 'features' is no node");
  CHECK(fault([](Graph& g) { g.outputs.push_back(g.outputs[0]); }) == "two outputs are called 'features'");
}
