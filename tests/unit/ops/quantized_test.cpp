// The operators of quantised networks against plain arithmetic of whole numbers and floats.
#include <doctest/doctest.h>

#include <cmath>
#include <random>

#include "ops/evaluation/evaluate.h"
#include "ops/registry.h"
#include "ops/verify.h"

namespace cnnc {
namespace {

Attributes quantization(double scale, int64_t zero_point) {
  return {{"scale", scale}, {"zero_point", zero_point}};
}

// input → quantize → the node → its epilogue
struct Network {
  Graph graph;

  explicit Network(Shape shape, double scale = 0.5, int64_t zero_point = 3) {
    graph.name = "n";
    Node input;
    input.name = "x", input.op = "input", input.shape = shape;
    graph.nodes.push_back(input);
    graph.inputs = {0};
    add("q", "quantize", shape, quantization(scale, zero_point));
  }

  Node& add(std::string name, std::string op, Shape shape, Attributes attributes) {
    Node node;
    node.name = name, node.op = op, node.shape = shape, node.attributes = attributes;
    node.inputs = {static_cast<NodeId>(graph.nodes.size()) - 1};
    node.covers = {name};
    graph.nodes.push_back(node);
    return graph.nodes.back();
  }

  Reference run(const std::vector<float>& input) {
    graph.outputs = {{"y", static_cast<NodeId>(graph.nodes.size()) - 1}};
    verify(graph);
    verify_operators(graph);
    return evaluate(graph, {input}).back();
  }
};

Parameter integers(std::string name, Shape shape, ElementType type, std::vector<int32_t> values) {
  return {name, shape, nullptr, type, std::make_shared<const std::vector<int32_t>>(values)};
}

Parameter floats(std::string name, Shape shape, std::vector<float> values) {
  return {name, shape, std::make_shared<const std::vector<float>>(values)};
}

void check_exact(const Reference& result, const std::vector<double>& expected) {
  CHECK(result.values == expected);
  CHECK(result.bounds == std::vector<double>(expected.size(), 0.0));
}

}  // namespace

TEST_CASE("quantize rounds halves to even, holds to bytes, and makes 0 of what is no number") {
  Network n({8}, 0.5, 3);
  const float none = std::nanf("");
  check_exact(n.run({0, 0.25f, 0.75f, -0.25f, -1.5f, -9, 1000, none}), {3, 3, 5, 3, 0, 0, 255, 0});
}

TEST_CASE("an input that is not known exactly makes quantize unsure of a step where it reaches a half") {
  Node node;
  node.op = "quantize", node.attributes = quantization(1, 0), node.shape = {3};
  const Reference input{{1.4, 1.4999, 1.5001}, {0.01, 0.01, 0.01}};
  const Reference result = operator_of(node).evaluate(node, {&input}, {{3}});
  CHECK(result.values == std::vector<double>{1, 1, 2});
  CHECK(result.bounds == std::vector<double>{0, 1, 1});
}

TEST_CASE("dequantize and a sum with bytes round once for each operation") {
  Network n({3}, 1, 0);
  const auto scale = static_cast<double>(0.1f), other = static_cast<double>(0.3f);
  Node& sum = n.add("sum", "dequantize", {3}, quantization(scale, 2));
  sum.inputs.push_back(1);
  sum.epilogue.push_back({"add_dequantized", quantization(other, 1), 1});
  std::vector<double> expected;
  for (const float q : {0.0f, 7.0f, 255.0f}) {
    const volatile float a = (q - 2) * 0.1f, b = (q - 1) * 0.3f;  // volatile: not one multiply-add
    expected.push_back(static_cast<double>(a + b));
  }
  check_exact(n.run({0, 7, 255}), expected);
}

TEST_CASE("an integer conv sums whole numbers, padding counts nothing, and each channel has its scale") {
  std::mt19937 random(1);
  const auto draw = [&](int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); };
  constexpr int kInputs = 4, kOutputs = 6, kSize = 5, kGroups = 2, kZero = 7;
  std::vector<float> input(kInputs * kSize * kSize);
  for (float& x : input) x = static_cast<float>(draw(0, 255));
  std::vector<int32_t> weight(kOutputs * kInputs / kGroups * 9), bias(kOutputs);
  for (int32_t& w : weight) w = draw(-127, 127);
  for (int32_t& b : bias) b = draw(-5000, 5000);
  const std::vector<float> scale{0.1f, 0.25f, 0.003f, 1, 7.7f, 0.9f};

  Network n({kInputs, kSize, kSize}, 1, 0);
  Node& conv = n.add("c", "integer_conv", {kOutputs, 3, 3},
                     {{"channels", int64_t{kOutputs}},
                      {"filter", std::vector<int64_t>{3, 3}},
                      {"stride", std::vector<int64_t>{2, 2}},
                      {"pad", std::vector<int64_t>{1, 1, 1, 1}},
                      {"dilation", std::vector<int64_t>{1, 1}},
                      {"groups", int64_t{kGroups}},
                      {"bias", true},
                      {"input_zero_point", int64_t{kZero}}});
  conv.parameters = {integers("weight", {kOutputs, kInputs / kGroups, 3, 3}, ElementType::int8, weight),
                     integers("bias", {kOutputs}, ElementType::int32, bias),
                     floats("scale", {kOutputs}, scale)};
  std::vector<double> expected;
  for (int o = 0; o < kOutputs; ++o)
    for (int y = 0; y < 3; ++y)
      for (int x = 0; x < 3; ++x) {
        int sum = bias[o];
        for (int c = 0; c < 2; ++c)
          for (int r = 0; r < 3; ++r)
            for (int s = 0; s < 3; ++s) {
              const int row = 2 * y - 1 + r, column = 2 * x - 1 + s;
              if (row < 0 || row >= kSize || column < 0 || column >= kSize) continue;
              const int q = static_cast<int>(input[((o / 3 * 2 + c) * kSize + row) * kSize + column]);
              sum += weight[((o * 2 + c) * 3 + r) * 3 + s] * (q - kZero);
            }
        expected.push_back(static_cast<double>(static_cast<float>(sum) * scale[o]));
      }
  check_exact(n.run(input), expected);
}

TEST_CASE("an integer dense layer whose input may be another byte says so") {
  Node node;
  node.op = "integer_dense", node.shape = {1}, node.name = "d";
  node.attributes = {{"features", int64_t{1}}, {"bias", false}, {"input_zero_point", int64_t{1}}};
  node.parameters = {integers("weight", {1, 2}, ElementType::int8, {3, -5}), floats("scale", {1}, {0.5f})};
  const Reference input{{4, 2}, {0, 1}};
  const Reference result = operator_of(node).evaluate(node, {&input}, {{2}});
  CHECK(result.values == std::vector<double>{2});
  CHECK(result.bounds.at(0) >= 2.5);
  CHECK(result.bounds.at(0) < 2.5001);
}

TEST_CASE("a mean of bytes is a sum times a scale") {
  Network n({1, 2, 2}, 1, 0);
  n.add("p", "integer_avgpool", {1, 1, 1},
        {{"filter", std::vector<int64_t>{2, 2}},
         {"stride", std::vector<int64_t>{}},
         {"pad", std::vector<int64_t>{0, 0, 0, 0}},
         {"dilation", std::vector<int64_t>{1, 1}},
         {"ceil", false},
         {"input_zero_point", int64_t{10}},
         {"scale", static_cast<double>(0.3f)}});
  check_exact(n.run({10, 11, 12, 200}), {static_cast<double>(193 * 0.3f)});
}

TEST_CASE("what reads bytes as floats, or floats as bytes, is found") {
  Network bytes({2});
  bytes.add("r", "relu", {2}, {});
  CHECK_THROWS_WITH(bytes.run({0, 0}), "node 'r' (relu): an input of it is of type u8");
  Network floats({2});
  floats.add("d", "dequantize", {2}, quantization(1, 0)).inputs = {0};
  CHECK_THROWS_WITH(floats.run({0, 0}), "node 'd' (dequantize): an input of it is of type f32");
}

TEST_CASE("no text names an operator of quantised networks or on bfloat16") {
  for (const Operator* op : unwritten_operators()) {
    CHECK(find_layer(op->name) == nullptr);
    CHECK(find_operator(op->name) == op);
  }
}

}  // namespace cnnc
