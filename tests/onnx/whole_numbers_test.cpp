// Whole numbers that a network computes, which are floats in it: constants beside them, quotients, rests,
// types.
#include <doctest/doctest.h>

#include "model_fixture.h"

using namespace cnnc;
using namespace cnnc::onnx;
using namespace cnnc::onnx::test;

namespace {

// y = op(argmax x, k), as floats; x holds a 1 at the place that is tried.
Values of_place(const std::string& op, int64_t place, int64_t k,
                std::map<std::string, Attribute> attributes = {}) {
  std::vector<float> x(8, 0);
  x.at(static_cast<size_t>(place)) = 1;
  const Model m = model(
      {value("x", {1, 8})},
      {node("ArgMax", {"x"}, {"a"}, {{"axis", int64_t{1}}}),
       node(op, {"a", "k"}, {"b"}, std::move(attributes)), node("Cast", {"b"}, {"y"}, {{"to", int64_t{1}}})},
      {"y"}, {{"k", integers({}, {k})}});
  return run(m, {std::move(x)});
}

// What a chain of nodes from "x" to "y" makes of these floats.
Values of(std::vector<onnx::Node> nodes, std::vector<float> x,
          std::map<std::string, Constant> constants = {}) {
  const auto size = static_cast<int64_t>(x.size());
  return run(model({value("x", {1, size})}, std::move(nodes), {"y"}, std::move(constants)), {std::move(x)});
}

onnx::Node cast(const std::string& from, const std::string& to, int64_t type) {
  return node("Cast", {from}, {to}, {{"to", type}});
}

constexpr int64_t kFloat = 1, kByte = 2, kSignedByte = 3, kInt64 = 7;

}  // namespace

TEST_CASE("constants of whole numbers stand beside places") {
  CHECK(of_place("Add", 5, 3) == Values{8});
  CHECK(of_place("Sub", 5, 7) == Values{-2});
  CHECK(of_place("Mul", 5, 25) == Values{125});
  CHECK(of_place("Max", 5, 6) == Values{6});
  const Model m =
      model({value("x", {1, 2})},
            {node("ArgMax", {"x"}, {"a"}, {{"axis", int64_t{1}}}), node("Add", {"a", "k"}, {"y"})}, {"y"},
            {{"k", integers({}, {1 << 25})}});
  CHECK(errors_of(m).find("Add 'y': its constant has the whole number 33554432, which no float is") == 0);
}

TEST_CASE(
    "a quotient of whole numbers has no rest, and a rest the sign of the divisor, or with fmod its own") {
  CHECK(of_place("Div", 7, 4) == Values{1});
  CHECK(of_place("Div", 7, -4) == Values{-1});
  CHECK(of_place("Mod", 7, 4) == Values{3});
  CHECK(of_place("Mod", 7, -4) == Values{-1});
  CHECK(of_place("Mod", 7, -4, {{"fmod", int64_t{1}}}) == Values{3});
  const auto rest = [](std::vector<float> x, float k) {
    return of({node("Mod", {"x", "k"}, {"y"}, {{"fmod", int64_t{1}}})}, std::move(x), {{"k", scalar(k)}});
  };
  CHECK(close(rest({5.5F, -5.5F, 4}, 2), {1.5, -1.5, 0}));
  CHECK(errors_of(model_of("Mod", {1, 2}, {scalar(2)})) ==
        "Mod 'y': it is of floats, and its 'fmod' is 0; hint: ONNX has it so of whole numbers");
}

// As a product 49 times the rounded 1/49 is less than 1.
TEST_CASE("a quotient that is rounded is a quotient, and no product with the reciprocal") {
  const std::map<std::string, Constant> divisor = {{"k", scalar(49)}};
  const std::vector<onnx::Node> nodes = {node("Div", {"x", "k"}, {"d"}), node("Floor", {"d"}, {"y"})};
  CHECK(of(nodes, {48, 49, 98}, divisor) == Values{0, 1, 2});
  for (const std::vector<int64_t>& dims :
       {std::vector<int64_t>{1, 1, 1, 3}, {1, 1, 3}, {1, 3}, {1, 1, 1, 1, 3}}) {
    CAPTURE(dims.size());
    CHECK(operators(model({value("x", dims)}, nodes, {"y"}, divisor)) == "divide_constant floor");
  }
  CHECK(operators(model({value("x", {1, 3})}, {node("Div", {"x", "k"}, {"d"}), cast("d", "y", kInt64)}, {"y"},
                        divisor))
            .find("divide_constant") == 0);
  CHECK(operators(model({value("x", {1, 1, 1, 3})}, {node("Div", {"x", "k"}, {"y"})}, {"y"}, divisor)) ==
        "batchnorm");
}

TEST_CASE("a cast to bytes leaves out fractions, and of whole numbers what the type has no room for") {
  CHECK(of({cast("x", "b", kByte), cast("b", "y", kFloat)}, {1.9F, 254.5F, 0}) == Values{1, 254, 0});
  CHECK(of({cast("x", "i", kInt64), cast("i", "b", kByte), cast("b", "y", kFloat)}, {257.5F, -1, 3}) ==
        Values{1, 255, 3});
  CHECK(of({cast("x", "i", kInt64), cast("i", "b", kSignedByte), cast("b", "y", kFloat)}, {200, -129, 3}) ==
        Values{-56, 127, 3});
  Model m = model({value("x", {1, 3})},
                  {node("ArgMax", {"x"}, {"a"}, {{"axis", int64_t{1}}}), cast("a", "y", kByte)}, {"y"});
  m.outputs[0].type = "uint8";
  CHECK(operators(m) == "argmax int32");
  CHECK(translated(m).notes ==
        std::vector<std::string>{"output 'y' is of type uint8 in the model, and of int32 in the network"});
}

TEST_CASE(
    "an output of places is of int32, and of floats where they are cast, whether or not the file says") {
  const auto place = node("ArgMax", {"x"}, {"a"}, {{"axis", int64_t{1}}});
  Model m =
      model({value("x", {1, 3})}, {place, node("Add", {"a", "k"}, {"y"})}, {"y"}, {{"k", integers({}, {1})}});
  m.outputs[0].type = "";
  CHECK(operators(m) == "argmax batchnorm int32");
  m = model({value("x", {1, 3})}, {place, cast("a", "y", kFloat)}, {"y"});
  m.outputs[0].type = "";
  CHECK(operators(m) == "argmax");
}

TEST_CASE("an output that is a constant is one of the network, whatever the inputs hold") {
  const ValueInfo x = value("x", {1, 2, 1, 2});
  const Model m = model({x}, {node("Relu", {"x"}, {"r"}), node("Shape", {"x"}, {"s"})}, {"r", "s", "k"},
                        {{"k", floats({2, 2}, {1, 2, 3, -4})}});
  const std::vector<Values> y =
      run(translated(m), {{std::numeric_limits<float>::infinity(), std::nanf(""), 1, 1}});
  CHECK(y.at(1) == Values{1, 2, 1, 2});
  CHECK(y.at(2) == Values{1, 2, 3, -4});
  Model batch = m;
  batch.inputs = {value("x", {-1, 2, 1, 2})};
  TranslateOptions two;
  two.images = 2;
  CHECK(errors_of(batch, two)
            .find("output 's' is a constant: no input has a part in it; hint: remove it from "
                  "the model's outputs: its values are in the file") == 0);
}
