#include "weights/small_weights.h"

#include <doctest/doctest.h>

#include <cmath>
#include <random>

#include "support/half.h"

namespace cnnc {
namespace {

Graph dense_layer(std::vector<float> weights, int64_t outputs) {
  Graph graph;
  Node node;
  node.name = "fc", node.op = "dense";
  const Shape shape{outputs, static_cast<int64_t>(weights.size()) / outputs};
  node.parameters = {{"weight", shape, std::make_shared<const std::vector<float>>(std::move(weights))}};
  graph.nodes = {node};
  return graph;
}

std::vector<float> rounded(std::vector<float> weights, ElementType type, int64_t outputs = 1) {
  Graph graph = dense_layer(std::move(weights), outputs);
  round_weights(graph, type);
  return *graph.nodes[0].parameters[0].values;
}

}  // namespace

TEST_CASE("every number of 16 bits comes back from float") {
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    const auto half = static_cast<uint16_t>(bits);
    if (std::isfinite(float_from_f16(half))) CHECK(f16_from_float(float_from_f16(half)) == half);
    if (std::isfinite(float_from_bf16(half))) CHECK(bf16_from_float(float_from_bf16(half)) == half);
  }
}

TEST_CASE("numbers between two of 16 bits go to the nearer, halves to the even one") {
  for (uint32_t bits = 0; bits < 0x7bff; ++bits) {
    const float below = float_from_f16(static_cast<uint16_t>(bits)),
                above = float_from_f16(static_cast<uint16_t>(bits + 1));
    const float middle = below + (above - below) / 2;  // exact: a float has 13 bits more
    CHECK(f16_from_float(middle) == (bits % 2 == 0 ? bits : bits + 1));
    CHECK(f16_from_float(std::nextafter(middle, below)) == bits);
    CHECK(f16_from_float(std::nextafter(-middle, -above)) == ((bits + 1) | 0x8000));
  }
  CHECK(f16_from_float(65519.99f) == 0x7bff);
  CHECK(f16_from_float(65520.0f) == 0x7c00);
  CHECK(bf16_from_float(1 + 0x1p-8f) == bf16_from_float(1));
  CHECK(bf16_from_float(1 + 0x3p-8f) == bf16_from_float(1) + 2);
}

TEST_CASE("weights are rounded to what the type holds, and found to be") {
  std::mt19937 random(1);
  std::normal_distribution<float> normal;
  std::vector<float> weights(64);
  for (float& weight : weights) weight = normal(random);
  for (const ElementType type : {ElementType::float16, ElementType::bfloat16}) {
    CHECK(!are_exact(weights, type));
    const std::vector<float> result = rounded(weights, type);
    CHECK(are_exact(result, type));
    const float unit = type == ElementType::float16 ? 0x1p-11f : 0x1p-8f;
    for (size_t i = 0; i < weights.size(); ++i)
      CHECK(std::fabs(result[i] - weights[i]) <= unit * std::fabs(weights[i]));
  }
  const std::vector<float> result = rounded(weights, ElementType::int8, 4);
  const auto scaled = scaled_weights(result, 4);
  REQUIRE(scaled);
  for (size_t i = 0; i < weights.size(); ++i) {
    const float scale = scaled->scales[i / 16];
    CHECK(std::fabs(weights[i] - result[i]) <= 0.501f * scale);
    CHECK(static_cast<float>(scaled->numbers[i]) * scale == doctest::Approx(result[i]).epsilon(1e-6));
    CHECK(std::abs(scaled->numbers[i]) <= 127);
  }
  CHECK(!scaled_weights(weights, 4));
  CHECK(scaled_weights({0, 0}, 1)->numbers == std::vector<int32_t>{0, 0});
  for (const float tiny : {0x1p-149f, 0x1.64p-142f})  // whose scale would be 0, or too coarse
    CHECK(rounded({tiny, 0}, ElementType::int8) == std::vector<float>{0, 0});
}

TEST_CASE("a weight beyond the range of float16 is named") {
  Graph graph = dense_layer({1, -70000}, 1);
  CHECK_THROWS_WITH(round_weights(graph, ElementType::float16),
                    "'fc.weight' has the value -70000; f16 holds magnitudes below 65,520");
  Graph larger = dense_layer({3.4e38f}, 1);
  CHECK_THROWS_WITH(round_weights(larger, ElementType::bfloat16),
                    "'fc.weight' has the value 3.4e+38; bf16 holds magnitudes below 3.3961e38");
}

}  // namespace cnnc
