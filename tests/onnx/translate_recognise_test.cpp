#include <doctest/doctest.h>

#include <cmath>

#include "graph/attributes.h"
#include "model_fixture.h"

using namespace cnnc;
using namespace cnnc::onnx;
using namespace cnnc::onnx::test;

namespace {

const std::map<std::string, Constant> kNumbers = {{"0", scalar(0)},
                                                  {"1", scalar(1)},
                                                  {"2", scalar(2)},
                                                  {"3", scalar(3)},
                                                  {"6", scalar(6)},
                                                  {"0.5", scalar(0.5f)},
                                                  {"0.2", scalar(0.2f)},
                                                  {"3 of 1x1x1x1", floats({1, 1, 1, 1}, {3})},
                                                  {"1/6", scalar(1.0f / 6)},
                                                  {"sqrt2", scalar(1.41421356f)},
                                                  {"sqrt1/2", scalar(0.70710678f)},
                                                  {"sqrt2/pi", scalar(0.79788456f)},
                                                  {"0.044715", scalar(0.044715f)}};

// The last node's output is the model's; x is a map.
Network network_of(std::vector<onnx::Node> nodes) {
  const std::string last = nodes.back().outputs[0];
  return translated(model({value("x", {1, 2, 3, 3})}, std::move(nodes), {last}, kNumbers));
}

std::string operators(std::vector<onnx::Node> nodes) {
  return operators_of(network_of(std::move(nodes)));
}

}  // namespace

TEST_CASE("x sigmoid(x) is silu, in either order") {
  CHECK(operators({node("Sigmoid", {"x"}, {"s"}), node("Mul", {"x", "s"}, {"y"})}) == "silu");
  CHECK(operators({node("Sigmoid", {"x"}, {"s"}), node("Mul", {"s", "x"}, {"y"})}) == "silu");
}

TEST_CASE("a sigmoid that scales another tensor is a gate") {
  CHECK(operators({node("Relu", {"x"}, {"r"}), node("Sigmoid", {"x"}, {"s"}),
                   node("Mul", {"r", "s"}, {"y"})}) == "relu sigmoid multiply");
}

TEST_CASE("x sigmoid(x) is silu where x is a product itself") {
  CHECK(operators({node("Relu", {"x"}, {"r"}), node("Mul", {"x", "r"}, {"p"}), node("Sigmoid", {"p"}, {"s"}),
                   node("Mul", {"p", "s"}, {"y"})}) == "relu multiply silu");
}

TEST_CASE("where x is above a number x, else a number, is threshold") {
  const Network net =
      network_of({node("Greater", {"x", "0.5"}, {"g"}), node("Where", {"g", "x", "3"}, {"y"})});
  CHECK(operators_of(net) == "threshold");
  CHECK(cnnc::real(net.graph.nodes.back().attributes, "threshold") == 0.5);
  CHECK(cnnc::real(net.graph.nodes.back().attributes, "value") == 3);
}

TEST_CASE(
    "the parts of an activation that something else reads, and those of none, are layers of their own") {
  const std::vector<onnx::Node> gelu = {node("Mul", {"x", "sqrt1/2"}, {"s"}), node("Erf", {"s"}, {"e"}),
                                        node("Add", {"e", "1"}, {"a"}), node("Mul", {"x", "a"}, {"t"}),
                                        node("Mul", {"t", "0.5"}, {"g"})};
  CHECK(operators(gelu) == "gelu");
  std::vector<onnx::Node> both = gelu;
  both.push_back(node("Add", {"g", "e"}, {"y"}));
  CHECK(operators(both) == "batchnorm erf gelu add");
  CHECK(operators({node("Erf", {"x"}, {"e"}), node("Add", {"e", "1"}, {"y"})}) == "erf batchnorm");
  CHECK(operators({node("Neg", {"x"}, {"n"}), node("Exp", {"n"}, {"e"}), node("Add", {"e", "1"}, {"a"}),
                   node("Reciprocal", {"a"}, {"y"})}) == "neg exp batchnorm reciprocal");
}

TEST_CASE("x tanh(softplus(x)) is mish") {
  CHECK(operators({node("Softplus", {"x"}, {"p"}), node("Tanh", {"p"}, {"t"}),
                   node("Mul", {"x", "t"}, {"y"})}) == "mish");
}

TEST_CASE("min(max(x + 3, 0), 6) / 6 is hardsigmoid, and x times it hardswish, in all orders") {
  const onnx::Node add = node("Add", {"x", "3"}, {"a"}), clip = node("Clip", {"a", "0", "6"}, {"c"});
  CHECK(operators({add, clip, node("Div", {"c", "6"}, {"y"})}) == "hardsigmoid");
  CHECK(operators({add, clip, node("Mul", {"1/6", "c"}, {"y"})}) == "hardsigmoid");
  CHECK(operators({add, clip, node("Div", {"c", "6"}, {"h"}), node("Mul", {"x", "h"}, {"y"})}) ==
        "hardswish");
  CHECK(operators({add, clip, node("Mul", {"c", "x"}, {"m"}), node("Div", {"m", "6"}, {"y"})}) ==
        "hardswish");
  CHECK(operators({node("Add", {"3", "x"}, {"a"}), node("Relu", {"a"}, {"r"}), node("Min", {"r", "6"}, {"c"}),
                   node("Mul", {"x", "1/6"}, {"m"}), node("Mul", {"c", "m"}, {"y"})}) == "hardswish");
  CHECK(operators({node("HardSigmoid", {"x"}, {"h"}, {{"alpha", 1.0f / 6}}),
                   node("Mul", {"x", "h"}, {"y"})}) == "hardswish");
  CHECK(operators({node("HardSigmoid", {"x"}, {"h"}, {{"alpha", 0.166667f}}),
                   node("Mul", {"h", "x"}, {"y"})}) == "hardswish");
}

TEST_CASE("a hardsigmoid is found whatever the rank of its numbers, and with other slopes than 1/6") {
  const onnx::Node add = node("Add", {"x", "3 of 1x1x1x1"}, {"a"}),
                   clip = node("Clip", {"a", "0", "6"}, {"c"});
  CHECK(operators({add, clip, node("Mul", {"c", "x"}, {"m"}), node("Div", {"m", "6"}, {"y"})}) ==
        "hardswish");
  const onnx::Node scale = node("Mul", {"x", "1/6"}, {"m"}), shift = node("Add", {"m", "0.5"}, {"s"}),
                   limits = node("Clip", {"s", "0", "1"}, {"h"});
  CHECK(operators({scale, shift, limits}) == "hardsigmoid");
  CHECK(operators({scale, shift, limits, node("Mul", {"h", "x"}, {"y"})}) == "hardswish");
  const Network keras = network_of({node("Mul", {"x", "0.2"}, {"m"}), shift, limits});
  CHECK(operators_of(keras) == "hardsigmoid");
  CHECK(cnnc::real(keras.graph.nodes.back().attributes, "slope") == 0.2);
}

TEST_CASE("x hardsigmoid(x) is found where x is a multiple itself") {
  CHECK(operators({node("Mul", {"x", "2"}, {"d"}), node("Add", {"d", "3"}, {"a"}),
                   node("Clip", {"a", "0", "6"}, {"c"}), node("Mul", {"d", "c"}, {"m"}),
                   node("Div", {"m", "6"}, {"y"})}) == "batchnorm hardswish");
}

TEST_CASE("what is almost a hardsigmoid is none") {
  const onnx::Node add = node("Add", {"x", "3"}, {"a"}), clip = node("Clip", {"a", "0", "6"}, {"c"});
  CHECK(operators({add, clip, node("Mul", {"c", "0.2"}, {"y"})}) == "batchnorm relu6 batchnorm");
  CHECK(operators({node("Add", {"x", "2"}, {"a"}), clip, node("Div", {"c", "6"}, {"y"})}) ==
        "batchnorm relu6 batchnorm");
  CHECK(operators({node("Mul", {"x", "2"}, {"d"}), add, clip, node("Mul", {"c", "1/6"}, {"h"}),
                   node("Mul", {"d", "h"}, {"y"})}) == "batchnorm hardsigmoid multiply");
}

TEST_CASE("x (1 + erf(x / sqrt 2)) / 2 is gelu, wherever its factors stand") {
  const onnx::Node div = node("Div", {"x", "sqrt2"}, {"d"}), mul = node("Mul", {"sqrt1/2", "x"}, {"d"});
  const onnx::Node erf = node("Erf", {"d"}, {"e"}), one = node("Add", {"e", "1"}, {"f"});
  CHECK(operators({div, erf, one, node("Mul", {"x", "f"}, {"m"}), node("Mul", {"m", "0.5"}, {"y"})}) ==
        "gelu");
  CHECK(operators({mul, erf, one, node("Mul", {"x", "0.5"}, {"m"}), node("Mul", {"m", "f"}, {"y"})}) ==
        "gelu");
  CHECK(operators({div, erf, one, node("Mul", {"f", "0.5"}, {"m"}), node("Mul", {"x", "m"}, {"y"})}) ==
        "gelu");
  CHECK(operators({div, erf, one, node("Div", {"f", "2"}, {"m"}), node("Mul", {"x", "m"}, {"y"})}) == "gelu");
}

TEST_CASE("gelu by tanh is an approximate gelu, its cube as a power or as products") {
  const auto gelu = [](std::vector<onnx::Node> nodes) {
    const std::vector<onnx::Node> rest = {
        node("Mul", {"0.044715", "cube"}, {"k"}), node("Add", {"x", "k"}, {"s"}),
        node("Mul", {"s", "sqrt2/pi"}, {"z"}),    node("Tanh", {"z"}, {"t"}),
        node("Add", {"1", "t"}, {"f"}),           node("Mul", {"x", "f"}, {"m"}),
        node("Mul", {"0.5", "m"}, {"y"})};
    nodes.insert(nodes.end(), rest.begin(), rest.end());
    const Network net = network_of(nodes);
    return operators_of(net) == "gelu" && is_on(net.graph.nodes.back().attributes, "approximate");
  };
  CHECK(gelu({node("Mul", {"x", "x"}, {"q"}), node("Mul", {"x", "q"}, {"cube"})}));
  CHECK(gelu({node("Pow", {"x", "3"}, {"cube"})}));
  CHECK_FALSE(gelu({node("Pow", {"x", "2"}, {"cube"})}));
}

TEST_CASE("softplus has a beta, and a threshold where it is written") {
  const std::vector<onnx::Node> scaled = {node("Mul", {"x", "2"}, {"z"}), node("Softplus", {"z"}, {"p"}),
                                          node("Div", {"p", "2"}, {"s"})};
  const cnnc::Node smooth = network_of(scaled).graph.nodes.back();
  CHECK(smooth.op == "softplus");
  CHECK(cnnc::real(smooth.attributes, "beta") == 2);
  std::vector<onnx::Node> chosen = scaled;
  chosen.push_back(node("Greater", {"z", "6"}, {"above"}));
  chosen.push_back(node("Where", {"above", "x", "s"}, {"y"}));
  const Network net = network_of(chosen);
  CHECK(operators_of(net) == "softplus");
  CHECK(cnnc::real(net.graph.nodes.back().attributes, "beta") == 2);
  CHECK(cnnc::real(net.graph.nodes.back().attributes, "threshold") == 6);
}

TEST_CASE("what is almost an activation is none") {
  const onnx::Node add = node("Add", {"x", "2"}, {"a"}), clip = node("Clip", {"a", "0", "6"}, {"c"});
  CHECK(operators({add, clip, node("Div", {"c", "6"}, {"y"})}) == "batchnorm relu6 batchnorm");
  CHECK(operators({node("Add", {"x", "3"}, {"a"}), node("Clip", {"a", "0", "6"}, {"c"}),
                   node("Mul", {"c", "x"}, {"y"})}) == "batchnorm relu6 multiply");
}

TEST_CASE("long products are recognised as far as they can be, in little time") {
  std::vector<onnx::Node> nodes = {node("Mul", {"x", "x"}, {"y0"})};
  for (int i = 0; i < 60; ++i)
    nodes.push_back(
        node("Mul", {nodes.back().outputs[0], nodes.back().outputs[0]}, {"y" + std::to_string(i + 1)}));
  nodes.push_back(node("Sigmoid", {nodes.back().outputs[0]}, {"s"}));
  nodes.push_back(node("Mul", {"s", nodes[60].outputs[0]}, {"y"}));
  const std::string found = operators(nodes);
  CHECK(found.substr(found.rfind(' ')) == " silu");
}
