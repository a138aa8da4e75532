#include "onnx/patterns/channels_last.h"

#include <doctest/doctest.h>

#include "model_fixture.h"

using namespace cnnc;
using namespace cnnc::onnx;
using namespace cnnc::onnx::test;

namespace {

onnx::Node transpose(const std::string& from, const std::string& to, std::vector<int64_t> order) {
  return node("Transpose", {from}, {to}, {{"perm", std::move(order)}});
}

}  // namespace

TEST_CASE(
    "a model that takes and gives N x H x W x C becomes a network that does, and moves the channels itself") {
  const Model m = model({value("x", {1, 2, 3, 2})},
                        {node("Mul", {"x", "scale"}, {"a"}), transpose("a", "b", {0, 3, 1, 2}),
                         node("MaxPool", {"b"}, {"c"}, {{"kernel_shape", std::vector<int64_t>{2, 2}}}),
                         transpose("c", "y", {0, 2, 3, 1})},
                        {"y"}, {{"scale", floats({2}, {1, 10})}});
  const Network network = translated(m);
  CHECK(network.graph.nodes[network.graph.inputs[0]].shape == Shape{2, 3, 2});
  CHECK(network.graph.nodes[network.graph.outputs[0].node].shape == Shape{1, 2, 2});
  CHECK(network.notes.empty());
  CHECK(operators_of(network) == "permute batchnorm maxpool permute");
  CHECK(run(network, {counting(12)})[0] == Values{9, 100, 11, 120});
}

TEST_CASE("an input that no Transpose brings to N x C x H x W is taken as that") {
  const Model m = model(
      {value("x", {1, 2, 3, 4})},
      {transpose("x", "a", {0, 2, 3, 1}), node("Relu", {"a"}, {"b"}), transpose("b", "y", {0, 3, 1, 2})},
      {"y"});
  CHECK(channels_last_inputs(m).empty());
  CHECK(translated(m).notes.empty());
}

TEST_CASE(
    "the channels of N x H x W x C may be multiplied with a matrix before the Transpose, one channel too") {
  for (const int64_t channels : {1, 2}) {
    const Model m = model(
        {value("x", {1, 1, 2, channels})},
        {node("MatMul", {"x", "w"}, {"a"}), transpose("a", "b", {0, 3, 1, 2}), node("Relu", {"b"}, {"y"})},
        {"y"}, {{"w", floats({channels, 2}, counting(static_cast<size_t>(2 * channels)))}});
    const Network network = translated(m);
    CHECK(network.graph.nodes[network.graph.inputs[0]].shape == Shape{1, 2, channels});
    CHECK(run(network, {counting(static_cast<size_t>(2 * channels))})[0] ==
          (channels == 1 ? Values{1, 2, 2, 4} : Values{7, 15, 10, 22}));
  }
}

TEST_CASE("activations may stand before the Transpose of N x H x W x C") {
  const auto before_transpose = [](onnx::Node activation, std::map<std::string, Constant> constants) {
    const Model m =
        model({value("x", {1, 1, 3, 2})}, {std::move(activation), transpose("a", "y", {0, 3, 1, 2})}, {"y"},
              std::move(constants));
    const Network network = translated(m);
    CHECK(network.graph.nodes[network.graph.inputs[0]].shape == Shape{1, 3, 2});
    return run(network, {{-2, 1, -1, 2, 0, 3}})[0];  // of channel 0, then of channel 1
  };
  CHECK(before_transpose(node("Relu", {"x"}, {"a"}), {}) == Values{0, 0, 0, 1, 2, 3});
  CHECK(before_transpose(node("Mish", {"x"}, {"a"}), {})[2] == 0);
  CHECK(before_transpose(node("Gelu", {"x"}, {"a"}), {})[2] == 0);
  CHECK(before_transpose(node("Max", {"x", "c"}, {"a"}), {{"c", scalar(1)}}) == Values{1, 1, 1, 1, 2, 3});
  CHECK(before_transpose(node("PRelu", {"x", "s"}, {"a"}), {{"s", floats({2}, {0.5f, 2})}}) ==
        Values{-1, -0.5, 0, 1, 2, 3});
}

TEST_CASE("an input of four sizes that is read without a batch has no channels to bring to the front") {
  const Model m =
      model({value("x", {2, 1, 1, 2})},
            {transpose("x", "a", {0, 3, 1, 2}), node("Concat", {"a", "a"}, {"b"}, {{"axis", int64_t{0}}}),
             node("Foo", {"b"}, {"y"})},
            {"y"});
  CHECK(errors_of(m).find("Foo 'y': there is no such operator in cnnc") != std::string::npos);
}
