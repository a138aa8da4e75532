#include <doctest/doctest.h>

#include "graph/graph.h"
#include "model_fixture.h"

using namespace cnnc;
using namespace cnnc::onnx;
using namespace cnnc::onnx::test;

namespace {

// A chain of operators with constants, on x.
Model chain(Dims x, const std::vector<std::pair<std::string, Constant>>& steps) {
  std::vector<onnx::Node> nodes;
  std::map<std::string, Constant> constants;
  std::string at = "x";
  for (const auto& [op, constant] : steps) {
    const std::string place = std::to_string(nodes.size());
    constants.emplace("c" + place, constant);
    nodes.push_back(node(op, {at, "c" + place}, {"y" + place}));
    at = "y" + place;
  }
  return model({value("x", std::move(x))}, std::move(nodes), {at}, std::move(constants));
}

Model joined(const std::string& op, Dims a, Dims b) {
  return model({value("a", std::move(a)), value("b", std::move(b))}, {node(op, {"a", "b"}, {"y"})}, {"y"});
}

}  // namespace

TEST_CASE("arithmetic with constants is done on each channel") {
  const std::vector<std::vector<float>> x = {{1, 2, 3, 4}};
  const auto with = [&](const char* op, Constant c) { return run(model_of(op, {1, 2, 1, 2}, {c}), x); };
  CHECK(with("Add", scalar(10)) == Values{11, 12, 13, 14});
  CHECK(with("Add", floats({2, 1, 1}, {10, 20})) == Values{11, 12, 23, 24});
  CHECK(with("Sub", floats({1, 2, 1, 1}, {10, 20})) == Values{-9, -8, -17, -16});
  CHECK(with("Mul", floats({1, 1, 1, 1}, {3})) == Values{3, 6, 9, 12});
  CHECK(with("Div", floats({2, 1, 1}, {2, 4})) == Values{0.5, 1, 0.75, 1});
  CHECK(with("Mul", floats({2}, {3, 3})) == Values{3, 6, 9, 12});
}

TEST_CASE("a tensor is taken from a constant") {
  const auto first = [](const char* op) {
    return model({value("x", {1, 2})}, {node(op, {"c", "x"}, {"y"})}, {"y"}, {{"c", floats({2}, {10, 20})}});
  };
  CHECK(run(first("Sub"), {{1, 2}}) == Values{9, 18});
}

TEST_CASE("a division by zero is refused") {
  CHECK(errors_of(model_of("Div", {1, 2}, {floats({2}, {1, 0})})) ==
        "Div 'y': its constant has 0, and the result is no finite number");
}

TEST_CASE("a constant follows the channels to where the dimensions have been moved") {
  const Model net = model(
      {value("x", {1, 2, 1, 2})},
      {node("Transpose", {"x"}, {"nhwc"}, {{"perm", Dims{0, 2, 3, 1}}}), node("Add", {"nhwc", "c"}, {"a"}),
       node("Relu", {"a"}, {"b"}), node("Transpose", {"b"}, {"y"}, {{"perm", Dims{0, 3, 1, 2}}})},
      {"y"}, {{"c", floats({2}, {10, 20})}});
  const Network network = translated(net);
  CHECK(operators_of(network) == "batchnorm relu");
  CHECK(run(network, {{1, 2, 3, 4}})[0] == Values{11, 12, 23, 24});
}

TEST_CASE("a constant of groups of channels counts for each channel of its group") {
  const auto net = [](Constant c) {
    return model(
        {value("x", {1, 4, 1, 1})},
        {node("Reshape", {"x", "split"}, {"a"}), node("Add", {"a", "c"}, {"b"}),
         node("Reshape", {"b", "whole"}, {"y"})},
        {"y"},
        {{"split", integers({1, 2, 2, 1, 1})}, {"whole", integers({1, 4, 1, 1})}, {"c", std::move(c)}});
  };
  CHECK(run(net(floats({2, 1, 1, 1}, {10, 20})), {{1, 2, 3, 4}}) == Values{11, 12, 23, 24});
  CHECK(run(net(floats({2, 1, 1}, {10, 20})), {{1, 2, 3, 4}}) == Values{11, 22, 13, 24});
}

TEST_CASE("a constant along flattened pixels makes a vector of them") {
  const Model net =
      model({value("x", {1, 2, 1, 2})}, {node("Flatten", {"x"}, {"flat"}), node("Add", {"flat", "c"}, {"y"})},
            {"y"}, {{"c", floats({4}, {10, 20, 30, 40})}});
  const Network network = translated(net);
  CHECK(operators_of(network) == "flatten batchnorm");
  CHECK(run(network, {{1, 2, 3, 4}})[0] == Values{11, 22, 33, 44});
}

TEST_CASE("a chain of arithmetic is one batchnorm, and none where it changes nothing") {
  const Network normalised = translated(chain(
      {1, 2},
      {{"Sub", floats({2}, {1, 2})}, {"Div", floats({2}, {4, 8})}, {"Mul", scalar(2)}, {"Add", scalar(1)}}));
  CHECK(operators_of(normalised) == "batchnorm");
  CHECK(run(normalised, {{9, 10}})[0] == Values{5, 3});
  Model nothing = chain({1, 2}, {{"Mul", scalar(2)}, {"Div", scalar(2)}, {"Add", scalar(0)}});
  nothing.nodes.push_back(node("Relu", {"y2"}, {"y"}));
  nothing.outputs[0].name = "y";
  CHECK(operators_of(translated(nothing)) == "relu");
}

TEST_CASE("chains of arithmetic are rounded once") {
  const Network net =
      translated(chain({1, 1}, {{"Mul", scalar(0.1f)}, {"Div", scalar(0.3f)}, {"Mul", scalar(3)}}));
  const double exact = double{0.1f} / double{0.3f} * 3;
  CHECK(find_parameter(net.graph.nodes.back(), "weight")->values->at(0) == static_cast<float>(exact));
}

TEST_CASE("what is read in the middle of a chain is computed on its own") {
  Model net = chain({1, 2}, {{"Mul", scalar(2)}, {"Add", scalar(1)}});
  net.outputs.push_back({"y0", "float", std::nullopt});
  const Network network = translated(net);
  CHECK(operators_of(network) == "batchnorm batchnorm");
  CHECK(run(network, {{3, 4}}) == std::vector<Values>{{7, 9}, {6, 8}});
}

TEST_CASE("a shift after a convolution without bias is its bias") {
  Model net =
      chain({1, 1, 1, 2}, {{"Conv", floats({2, 1, 1, 1}, {1, 10})}, {"Add", floats({2, 1, 1}, {5, 6})}});
  const Network network = translated(net);
  CHECK(operators_of(network) == "conv");
  CHECK(run(network, {{1, 2}})[0] == Values{6, 7, 16, 26});
}

TEST_CASE("sums, differences and products of two tensors") {
  const std::vector<std::vector<float>> two = {{1, 2, 3, 4}, {10, 20, 30, 40}};
  CHECK(run(joined("Add", {1, 2, 1, 2}, {1, 2, 1, 2}), two) == Values{11, 22, 33, 44});
  CHECK(run(joined("Sub", {1, 2, 1, 2}, {1, 2, 1, 2}), two) == Values{-9, -18, -27, -36});
  CHECK(run(joined("Mul", {1, 2, 1, 2}, {1, 2, 1, 2}), two) == Values{10, 40, 90, 160});
  CHECK(run(joined("Mul", {2, 2}, {2, 2}), two) == Values{10, 40, 90, 160});
  CHECK(run(joined("Div", {1, 2}, {1, 2}), {{1, 2}, {10, 40}}) == Values{0.1, 0.05});
}

TEST_CASE("one value a channel counts for every pixel, on either side, and however it came about") {
  const std::vector<std::vector<float>> inputs = {{1, 2, 3, 4}, {10, 100}};
  const Values expected = {10, 20, 300, 400};
  CHECK(run(joined("Mul", {1, 2, 1, 2}, {1, 2, 1, 1}), inputs) == expected);
  CHECK(run(joined("Mul", {1, 2, 1, 1}, {1, 2, 1, 2}), {inputs[1], inputs[0]}) == expected);
  CHECK(run(joined("Mul", {1, 2, 2}, {1, 2, 1}), inputs) == expected);
  const Model last =
      model({value("x", {1, 2, 1, 2}), value("g", {1, 2, 1, 1})},
            {node("Transpose", {"x"}, {"a"}, {{"perm", Dims{0, 2, 3, 1}}}),
             node("Transpose", {"g"}, {"b"}, {{"perm", Dims{0, 2, 3, 1}}}), node("Mul", {"b", "a"}, {"c"}),
             node("Transpose", {"c"}, {"y"}, {{"perm", Dims{0, 3, 1, 2}}})},
            {"y"});
  CHECK(run(last, inputs) == expected);
}

TEST_CASE("a gate may be computed as a vector") {
  const Model net = model({value("x", {1, 2, 1, 2})},
                          {node("GlobalAveragePool", {"x"}, {"mean"}), node("Flatten", {"mean"}, {"flat"}),
                           node("Gemm", {"flat", "w"}, {"fc"}), node("Relu", {"fc"}, {"gate"}),
                           node("Reshape", {"gate", "shape"}, {"pixel"}), node("Mul", {"x", "pixel"}, {"y"})},
                          {"y"}, {{"w", floats({2, 2}, {1, 0, 0, 10})}, {"shape", integers({1, 2, 1, 1})}});
  CHECK(run(net, {{1, 3, 5, 7}}) == Values{2, 6, 300, 420});
}

TEST_CASE("maps of different sizes are repeated") {
  CHECK(errors_of(joined("Add", {1, 2, 4, 4}, {1, 2, 3, 4})) ==
        "Add 'y': 'add' wants tensors of one shape, or sizes of 1 in its place; found 2x4x4 and "
        "2x3x4");
  const Model repeated = model({value("a", {1, 2, 1, 2}), value("b", {1, 1, 1, 2})},
                               {node("Conv", {"b", "w"}, {"r"}), node("Add", {"a", "r"}, {"y"})}, {"y"},
                               {{"w", floats({2, 1, 1, 1}, {1, 1})}});
  CHECK(run(repeated, {{1, 2, 3, 4}, {10, 20}}) == Values{11, 22, 13, 24});
  CHECK(operators_of(translated(joined("Mul", {1, 2, 4, 4}, {1, 2, 1, 4}))) == "multiply");
  const Model expanded = model({value("a", {1, 1, 2, 2}), value("b", {1, 1, 1, 2})},
                               {node("Expand", {"b", "s"}, {"r"}), node("Mul", {"a", "r"}, {"y"})}, {"y"},
                               {{"s", integers({1, 1, 2, 2})}});
  CHECK(run(expanded, {{1, 2, 3, 4}, {10, 20}}) == Values{10, 40, 30, 80});
}

TEST_CASE("tensors of different rank lie beside each other from the last dimension on") {
  const auto squeezed = [](Dims x, Dims z) {
    return model({value("x", std::move(x)), value("z", std::move(z))},
                 {node("Relu", {"z"}, {"r"}), node("Mul", {"x", "r"}, {"y"})}, {"y"});
  };
  CHECK(run(squeezed({1, 1, 1, 2}, {1, 2}), {{1, 2}, {10, 100}}) == Values{10, 200});
  CHECK(run(squeezed({1, 2, 1, 2}, {1, 2, 2}), {counting(4), {1, 10, 100, 1000}}) ==
        Values{1, 20, 100, 2000, 3, 40, 300, 4000});
  CHECK(run(squeezed({1, 2, 1, 1}, {1, 2, 2}), {{1, 2}, counting(4)}) == Values{1, 2, 3, 4, 2, 4, 6, 8});
}

TEST_CASE("an input beside itself under other dimensions is not declared anew") {
  const Model net = model({value("x", {1, 2, 1, 3})},
                          {node("Squeeze", {"x", "axes"}, {"s"}), node("Add", {"x", "s"}, {"y"})}, {"y"},
                          {{"axes", integers({2})}});
  CHECK(translated(net).graph.nodes[0].shape == Shape{2, 1, 3});
  CHECK(run(net, {counting(6)}) == Values{2, 4, 6, 5, 7, 9, 5, 7, 9, 8, 10, 12});
}

TEST_CASE("a constant of one value with more dimensions than its tensor gives it those") {
  Model m = model_of("Max", {1, 2}, {floats({1, 1, 1}, {2})});
  m.outputs = {value("y", {1, 1, 2})};
  CHECK(run(m, {{1, 3}}) == Values{2, 3});
}

TEST_CASE("sums of several, means, squares") {
  const auto several = [](const char* op) {
    return model({value("a", {1, 2}), value("b", {1, 2})}, {node(op, {"a", "c", "b", "a"}, {"y"})}, {"y"},
                 {{"c", floats({2}, {100, 200})}});
  };
  CHECK(run(several("Sum"), {{1, 2}, {10, 20}}) == Values{112, 224});
  CHECK(run(several("Mean"), {{1, 2}, {10, 20}}) == Values{28, 56});
  CHECK(run(model_of("Pow", {1, 2}, {scalar(2)}), {{3, -4}}) == Values{9, 16});
  CHECK(run(model({value("x", {1, 2})}, {node("Mul", {"x", "x"}, {"y"})}, {"y"}), {{3, -4}}) ==
        Values{9, 16});
  CHECK(run(model_of("Pow", {1, 2}, {integers({}, {2})}), {{3, -4}}) == Values{9, 16});
}

TEST_CASE("the powers that have a layer become it, others are products") {
  const auto layer = [](float power) {
    return operators_of(translated(model_of("Pow", {1, 2}, {scalar(power)})));
  };
  CHECK(layer(2) == "square");
  CHECK(layer(0.5f) == "sqrt");
  CHECK(layer(-1) == "reciprocal");
  CHECK(run(model_of("Pow", {1, 2}, {scalar(3)}), {{2, -3}}) == Values{8, -27});
}

TEST_CASE("a negative is a neg, and in a chain of arithmetic a part of its affine") {
  const auto chain = [](std::vector<cnnc::onnx::Node> nodes) {
    return operators_of(translated(
        model({value("x", {1, 2})}, std::move(nodes), {"y"}, {{"c", scalar(3)}, {"m", scalar(-1)}})));
  };
  CHECK(chain({node("Neg", {"x"}, {"y"})}) == "neg");
  CHECK(chain({node("Mul", {"m", "x"}, {"y"})}) == "neg");
  CHECK(chain({node("Neg", {"x"}, {"n"}), node("Add", {"n", "c"}, {"y"})}) == "batchnorm");
  CHECK(chain({node("Mul", {"x", "c"}, {"n"}), node("Neg", {"n"}, {"y"})}) == "batchnorm");
  CHECK(chain({node("Neg", {"x"}, {"n"}), node("Relu", {"n"}, {"y"})}) == "neg relu");
  CHECK(chain({node("Neg", {"x"}, {"n"}), node("Neg", {"n"}, {"r"}), node("Relu", {"r"}, {"y"})}) == "relu");
}

TEST_CASE("batchnorm's statistics are constants, of channels or features") {
  const std::vector<Constant> statistics = {floats({2}, {1, 2}), floats({2}, {10, 20}), floats({2}, {1, 2}),
                                            floats({2}, {3, 0})};
  const Values expected = {9.5, 10, 24, 26};
  CHECK(close(
      run(model_of("BatchNormalization", {1, 2, 1, 2}, statistics, {{"epsilon", 1.0f}}), {{0, 1, 4, 5}}),
      expected));
  CHECK(close(run(model_of("BatchNormalization", {1, 2, 2}, statistics, {{"epsilon", 1.0f}}), {{0, 1, 4, 5}}),
              expected));
  CHECK(close(run(model_of("BatchNormalization", {2, 2}, statistics, {{"epsilon", 1.0f}}), {{0, 4, 1, 5}}),
              {9.5, 24, 10, 26}));
  CHECK(
      errors_of(model_of("BatchNormalization", {2, 2, 1, 2}, statistics, {{"training_mode", int64_t{1}}})) ==
      "BatchNormalization 'y': it computes the statistics of its batch, as in training; hint: export the "
      "model for inference (PyTorch: model.eval()), or set its 'training_mode' to 0");
  CHECK(errors_of(model_of("BatchNormalization", {1, 3, 1, 2}, statistics)) ==
        "BatchNormalization 'y': statistics of 2x1x1, 2x1x1, 2x1x1, 2x1x1 beside a tensor of 1x3x1x2 have "
        "not one "
        "value for each channel");
}

TEST_CASE(
    "outputs beyond the first say before opset 14 that batchnorm trains; later its mode alone says so") {
  Model m = model_of("BatchNormalization", {1, 1, 1, 2},
                     {scalar(1), scalar(0), floats({1}, {1}), floats({1}, {1})}, {{"epsilon", 0.0f}});
  for (const char* name : {"c0", "c1"}) m.constants[name].dims = {1};
  m.nodes[0].outputs = {"y", "mean", ""};
  m.opset = 14;
  CHECK(run(m, {{1, 3}}) == Values{0, 2});
  m.opset = 13;
  CHECK(
      errors_of(m) ==
      "BatchNormalization 'y': it computes the statistics of its batch, as in training; hint: export the "
      "model for inference (PyTorch: model.eval()), or remove the node's outputs but the first: before opset "
      "14 it is they that say so");
  m.nodes[0].outputs = {"y", "", ""};  // the hint
  CHECK(run(m, {{1, 3}}) == Values{0, 2});
}

TEST_CASE(
    "where a few bytes of a file could make constants without end, one number stands for all channels") {
  std::vector<std::pair<std::string, Constant>> steps;
  for (int i = 0; i < 20; ++i) steps.emplace_back("Mul", scalar(2));
  const std::string operators = operators_of(translated(chain({1, 1 << 21}, steps)));
  CHECK(operators.substr(operators.rfind(' ')) == " affine");
}

TEST_CASE("a gate that is first expanded to its map's size counts for every pixel all the same") {
  const auto gated = [](const char* last) {
    return model(
        {value("x", {1, 2, 1, 2}), value("g", {1, 2, 1, 1})},
        {node("Expand", {"g", "shape"}, {"e"}), node("Mul", {"x", "e"}, {"y"}), node("Relu", {"e"}, {"z"})},
        {last}, {{"shape", integers({1, 2, 1, 2})}});
  };
  CHECK(operators_of(translated(gated("y"))) == "multiply");
  CHECK(run(gated("y"), {{1, 2, 3, 4}, {10, 100}}) == Values{10, 20, 300, 400});
  CHECK(operators_of(translated(gated("z"))) == "resize relu");
  CHECK(run(gated("z"), {{1, 2, 3, 4}, {10, 100}}) == Values{10, 10, 100, 100});
  const Model pixels = model(
      {value("g", {1, 2, 1, 1})},
      {node("Relu", {"g"}, {"r"}), node("Expand", {"g", "shape"}, {"e"}), node("Add", {"r", "e"}, {"y"})},
      {"y"}, {{"shape", integers({1, 2, 1, 2})}});
  CHECK(run(pixels, {{1, -10}}) == Values{2, 2, -10, -10});
}
