// Reference evaluations against numbers worked out by hand or by another formula.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "ops/evaluation/evaluate.h"
#include "ops/window/window.h"
#include "unit/ops/ops_fixture.h"

using namespace cnnc;
using namespace cnnc::testing;

namespace {

// An element of a map, `outside` where the place is padding.
double at(const std::vector<float>& map, const Shape& s, int64_t c, int64_t y, int64_t x, double outside) {
  if (y < 0 || x < 0 || y >= s.height() || x >= s.width()) return outside;
  return map[(c * s.height() + y) * s.width() + x];
}

struct Geometry {
  int64_t top, left, stride_y, stride_x, dilation_y, dilation_x;
};

// The definition of a grouped conv, element by element.
double naive_conv(const Node& node, const std::vector<float>& x, const Shape& s, const Geometry& g,
                  int64_t groups, int64_t o, int64_t i, int64_t j) {
  const Shape& w = node.parameters[0].shape;
  const auto& weight = *node.parameters[0].values;
  const int64_t first = o / (w.sizes[0] / groups) * w.sizes[1];
  double sum = node.parameters.size() > 1 ? (*node.parameters[1].values)[o] : 0;
  for (int64_t c = 0; c < w.sizes[1]; ++c)
    for (int64_t r = 0; r < w.sizes[2]; ++r)
      for (int64_t q = 0; q < w.sizes[3]; ++q)
        sum += weight[((o * w.sizes[1] + c) * w.sizes[2] + r) * w.sizes[3] + q] *
               at(x, s, first + c, i * g.stride_y - g.top + r * g.dilation_y,
                  j * g.stride_x - g.left + q * g.dilation_x, 0);
  return sum;
}

void check_conv(Attributes a, const Shape& input, const Geometry& g) {
  std::mt19937 random(1);
  const Node node = make_node("conv", a, {input}, random);
  const auto x = random_floats(input.elements(), random);
  const Reference result = run(node, {exact(x)}, {input});
  REQUIRE(static_cast<int64_t>(result.values.size()) == node.shape.elements());
  size_t n = 0;
  for (int64_t o = 0; o < node.shape.channels(); ++o)
    for (int64_t i = 0; i < node.shape.height(); ++i)
      for (int64_t j = 0; j < node.shape.width(); ++j, ++n)
        CHECK(result.values[n] ==
              doctest::Approx(naive_conv(node, x, input, g, integer(node.attributes, "groups"), o, i, j))
                  .epsilon(1e-12));
}

Reference run_on(const std::string& op, const Attributes& a, const Shape& shape, const Reference& input) {
  std::mt19937 random(1);
  return run(make_node(op, a, {shape}, random), {input}, {shape});
}

}  // namespace

TEST_CASE("a conv computed by hand") {
  std::mt19937 random(1);
  const Shape shape{1, 3, 3};
  Node node = make_node("conv", {{"channels", int64_t{1}}, {"filter", Sizes{2, 2}}}, {shape}, random);
  set_parameter(node, "weight", {1, 2, 3, 4});
  set_parameter(node, "bias", {10});
  const Reference result = run(node, {exact({1, 2, 3, 4, 5, 6, 7, 8, 9})}, {shape});
  CHECK(result.values == std::vector<double>{47, 57, 77, 87});
}

TEST_CASE("a conv agrees with its definition") {
  const int64_t one = 1, two = 2, three = 3;
  check_conv({{"channels", int64_t{4}}, {"filter", Sizes{3, 3}}}, {3, 6, 7}, {0, 0, 1, 1, 1, 1});
  check_conv({{"channels", int64_t{4}}, {"filter", Sizes{3, 2}}, {"stride", Sizes{2, 3}}, {"bias", false}},
             {3, 9, 11}, {0, 0, 2, 3, 1, 1});
  check_conv({{"channels", int64_t{2}}, {"filter", Sizes{3, 3}}, {"pad", Sizes{1, 2, 0, 3}}}, {2, 5, 6},
             {1, 0, 1, 1, 1, 1});
  check_conv({{"channels", int64_t{2}},
              {"filter", Sizes{3, 2}},
              {"dilation", Sizes{2, 3}},
              {"pad", Sizes{2, 2, 3, 3}}},
             {2, 7, 8}, {2, 3, 1, 1, 2, 3});
  check_conv({{"channels", int64_t{6}}, {"filter", Sizes{3, 3}}, {"groups", two}}, {4, 6, 5},
             {0, 0, 1, 1, 1, 1});
  check_conv({{"channels", int64_t{6}}, {"filter", Sizes{3, 3}}, {"groups", three}, {"stride", Sizes{2, 2}}},
             {3, 6, 5}, {0, 0, 2, 2, 1, 1});
  // SAME_UPPER: 6 → 3 by stride 2 with a filter of 3 pads 1, after; 5 → 3 pads 2, on both sides
  check_conv(
      {{"channels", one}, {"filter", Sizes{3, 3}}, {"pad", std::string("same")}, {"stride", Sizes{2, 2}}},
      {2, 6, 5}, {0, 1, 2, 2, 1, 1});
  // padding wider than the filter
  check_conv({{"channels", one}, {"filter", Sizes{2, 2}}, {"pad", Sizes{4, 4, 5, 5}}}, {1, 2, 2},
             {4, 5, 1, 1, 1, 1});
}

TEST_CASE("a dense layer computed by hand") {
  std::mt19937 random(1);
  Node node = make_node("dense", {{"features", int64_t{2}}}, {Shape{3}}, random);
  set_parameter(node, "weight", {1, 2, 3, -1, 0, 1});
  set_parameter(node, "bias", {0.5f, -0.5f});
  CHECK(run(node, {exact({1, 10, 100})}, {Shape{3}}).values == std::vector<double>{321.5, 98.5});
}

TEST_CASE("pools see the elements under their windows") {
  const Shape shape{1, 3, 3};
  const Reference x = exact({1, 2, 3, 4, 5, 6, 7, 8, 9});
  CHECK(run_on("maxpool", {{"filter", Sizes{2, 2}}, {"stride", Sizes{1, 1}}}, shape, x).values ==
        std::vector<double>{5, 6, 8, 9});
  CHECK(run_on("maxpool", {{"filter", Sizes{2, 2}}}, shape, x).values == std::vector<double>{5});
  CHECK(run_on("maxpool", {{"filter", Sizes{2, 2}}, {"dilation", Sizes{2, 2}}, {"stride", Sizes{1, 1}}},
               shape, x)
            .values == std::vector<double>{9});
  CHECK(run_on("avgpool", {{"filter", Sizes{2, 2}}, {"stride", Sizes{1, 1}}}, shape, x).values ==
        std::vector<double>{3, 4, 6, 7});
  CHECK(run_on("global_maxpool", {}, shape, x).values == std::vector<double>{9});
  CHECK(run_on("global_avgpool", {}, shape, x).values[0] == doctest::Approx(5).epsilon(1e-15));
}

TEST_CASE("a max pool never picks padding, an average pool counts it as zeros") {
  const Shape shape{2, 2, 2};
  const Reference x = exact({-1, -2, -3, -4, 4, 8, 12, 16});
  const Attributes padded = {{"filter", Sizes{2, 2}}, {"pad", Sizes{1, 1, 1, 1}}};
  CHECK(run_on("maxpool", padded, shape, x).values == std::vector<double>{-1, -2, -3, -4, 4, 8, 12, 16});
  CHECK(run_on("avgpool", padded, shape, x).values ==
        std::vector<double>{-0.25, -0.5, -0.75, -1, 1, 2, 3, 4});
}

TEST_CASE("batch normalization scales and shifts each channel") {
  std::mt19937 random(1);
  for (const Shape& shape : {Shape{2, 1, 2}, Shape{2}}) {
    Node node = make_node("batchnorm", {{"eps", 0.25}}, {shape}, random);
    set_parameter(node, "weight", {3, 1});
    set_parameter(node, "bias", {1, 0});
    set_parameter(node, "running_mean", {2, -1});
    set_parameter(node, "running_var", {2, 0.75f});
    if (shape.is_map())
      CHECK(run(node, {exact({2, 4, 0, 1})}, {shape}).values == std::vector<double>{1, 5, 1, 2});
    else
      CHECK(run(node, {exact({4, 1})}, {shape}).values == std::vector<double>{5, 2});
  }
}

TEST_CASE("activations") {
  const Shape shape{3};
  const Reference x = exact({-2, 0, 1});
  CHECK(run_on("relu", {}, shape, x).values == std::vector<double>{0, 0, 1});
  const auto tanh = run_on("tanh", {}, shape, x).values;
  CHECK(tanh[0] == doctest::Approx(-0.9640275800758169));
  CHECK(tanh[1] == 0);
  const auto sigmoid = run_on("sigmoid", {}, shape, x).values;
  CHECK(sigmoid[0] == doctest::Approx(0.11920292202211755));
  CHECK(sigmoid[2] == doctest::Approx(0.7310585786300049));
}

// At -2, 0, 1 and 25: worked out with mpmath by the formulas of PyTorch's pages.
TEST_CASE("activations have PyTorch's values") {
  const struct {
    std::string op;
    Attributes attributes;
    std::vector<double> values;
  } cases[] = {
      {"relu6", {}, {0, 0, 1, 6}},
      {"abs", {}, {2, 0, 1, 25}},
      {"neg", {}, {2, 0, -1, -25}},
      {"square", {}, {4, 0, 1, 625}},
      {"softsign", {}, {-0.6666666666666666, 0, 0.5, 0.9615384615384616}},
      {"celu", {}, {-0.8646647167633873, 0, 1, 25}},
      {"celu", {{"alpha", 2.0}}, {-1.2642411176571153, 0, 1, 25}},
      {"threshold", {{"threshold", 1.0}}, {0, 0, 0, 25}},
      {"threshold", {{"threshold", -1.0}, {"value", 20.0}}, {20, 0, 1, 25}},
      {"shrink", {}, {-2, 0, 1, 25}},
      {"shrink", {{"lambda", 1.0}}, {-2, 0, 0, 25}},
      {"shrink", {{"lambda", 0.75}, {"bias", 0.75}}, {-1.25, 0, 0.25, 24.25}},
      {"floor", {}, {-2, 0, 1, 25}},
      {"ceil", {}, {-2, 0, 1, 25}},
      {"round", {}, {-2, 0, 1, 25}},
      {"sign", {}, {-1, 0, 1, 1}},
      {"exp", {}, {0.1353352832366127, 1, 2.718281828459045, 72004899337.38588}},
      {"erf", {}, {-0.9953222650189527, 0, 0.8427007929497149, 1}},
      {"sin", {}, {-0.9092974268256817, 0, 0.8414709848078965, -0.13235175009777303}},
      {"cos", {}, {-0.4161468365471424, 1, 0.5403023058681398, 0.9912028118634736}},
      {"clip", {{"min", -0.5}, {"max", 2.0}}, {-0.5, 0, 1, 2}},
      {"clip", {{"min", -0.5}}, {-0.5, 0, 1, 25}},
      {"clip", {{"max", 2.0}}, {-2, 0, 1, 2}},
      {"leaky_relu", {}, {-0.02, 0, 1, 25}},
      {"leaky_relu", {{"slope", 0.5}}, {-1, 0, 1, 25}},
      {"elu", {}, {-0.8646647167633873, 0, 1, 25}},
      {"elu", {{"alpha", 2.0}}, {-1.7293294335267746, 0, 1, 25}},
      {"selu", {}, {-1.5201664685956948, 0, 1.0507009873554805, 26.267524683887014}},
      {"gelu", {}, {-0.04550026389635842, 0, 0.8413447460685429, 25}},
      {"gelu", {{"approximate", true}}, {-0.045402305912224, 0, 0.8411919906082768, 25}},
      {"silu", {}, {-0.2384058440442351, 0, 0.7310585786300049, 24.99999999965280}},
      {"mish", {}, {-0.2525014826957088, 0, 0.8650983882673103, 25}},
      {"softplus", {}, {0.1269280110429725, 0.6931471805599453, 1.3132616875182228, 25}},
      {"softplus", {{"beta", 2.0}, {"threshold", 1.5}}, {0.00907496395890489, 0.34657359027997264, 1, 25}},
      {"hardsigmoid", {}, {0.16666666666666666, 0.5, 0.6666666666666666, 1}},
      {"hardsigmoid", {{"slope", 0.2}}, {0.1, 0.5, 0.7, 1}},
      {"hardsigmoid", {{"slope", -0.25}, {"offset", 0.75}}, {1, 0.75, 0.5, 0}},
      {"hardswish", {}, {-0.3333333333333333, 0, 0.6666666666666666, 25}},
  };
  for (const auto& c : cases) {
    CAPTURE(c.op);
    const auto values = run_on(c.op, c.attributes, {4}, exact({-2, 0, 1, 25})).values;
    for (size_t i = 0; i < 4; ++i) CHECK(values[i] == doctest::Approx(c.values[i]).epsilon(3e-8));
  }
}

TEST_CASE("halves are rounded to the even number, and what lies between down or up") {
  const Reference x = exact({-2.5f, -1.5f, -0.5f, 0.5f, 1.5f, 2.5f, 2.75f});
  CHECK(run_on("round", {}, {7}, x).values == std::vector<double>{-2, -2, 0, 0, 2, 2, 3});
  CHECK(run_on("floor", {}, {7}, x).values == std::vector<double>{-3, -2, -1, 0, 1, 2, 2});
  CHECK(run_on("ceil", {}, {7}, x).values == std::vector<double>{-2, -1, 0, 1, 2, 3, 3});
}

TEST_CASE("softmax gives probabilities, whatever the size of its input") {
  const auto p = run_on("softmax", {}, {3}, exact({0, std::log(2.0f), std::log(5.0f)})).values;
  CHECK(p[0] == doctest::Approx(0.125));
  CHECK(p[2] == doctest::Approx(0.625));
  const auto huge = run_on("softmax", {}, {3}, exact({-3e38f, 3e38f, 3e38f}));
  CHECK(huge.values == std::vector<double>{0, 0.5, 0.5});
  for (double bound : huge.bounds) CHECK(bound <= 1.001);  // a number: no NaN from 0 * infinity
  CHECK(run_on("log_softmax", {}, {3}, exact({-3e38f, 3e38f, 3e38f})).values[2] ==
        doctest::Approx(-std::log(2)));
}

TEST_CASE("softmax and log_softmax of a map are over the channels at each pixel") {
  const Reference x = exact({0, 5, -1, std::log(3.0f), 5, -1});
  const auto p = run_on("softmax", {}, {2, 1, 3}, x).values;
  const double expected[] = {0.25, 0.5, 0.5, 0.75, 0.5, 0.5};
  for (int i = 0; i < 6; ++i) CHECK(p[i] == doctest::Approx(expected[i]));
  const auto logs = run_on("log_softmax", {}, {2, 1, 3}, x).values;
  for (int i = 0; i < 6; ++i) CHECK(logs[i] == doctest::Approx(std::log(expected[i])));
}

TEST_CASE("flatten and dropout pass their input on, add sums, multiply multiplies, concat appends") {
  const Shape shape{2, 1, 2};
  const Reference x = exact({1, 2, 3, 4}), y = exact({10, 20, 30, 40});
  CHECK(run_on("flatten", {}, shape, x).values == x.values);
  CHECK(run_on("dropout", {}, shape, x).values == x.values);
  std::mt19937 random(1);
  const std::vector<Shape> shapes(3, shape);
  CHECK(run(make_node("add", {}, shapes, random), {x, y, x}, shapes).values ==
        std::vector<double>{12, 24, 36, 48});
  CHECK(run(make_node("multiply", {}, shapes, random), {x, y, x}, shapes).values ==
        std::vector<double>{10, 80, 270, 640});
  const std::vector<Shape> with_pixel = {shape, {2, 1, 1}};
  const Reference pixel = exact({10, 100});
  CHECK(run(make_node("multiply", {}, with_pixel, random), {x, pixel}, with_pixel).values ==
        std::vector<double>{10, 20, 300, 400});
  CHECK(run(make_node("add", {}, with_pixel, random), {x, pixel}, with_pixel).values ==
        std::vector<double>{11, 12, 103, 104});
  CHECK(run(make_node("concat", {}, shapes, random), {x, y, x}, shapes).values ==
        std::vector<double>{1, 2, 3, 4, 10, 20, 30, 40, 1, 2, 3, 4});
}

TEST_CASE("a parameter without values is a fault") {
  std::mt19937 random(1);
  Node node = make_node("dense", {{"features", int64_t{2}}}, {Shape{3}}, random);
  node.parameters[1].values = nullptr;
  CHECK_THROWS_WITH_AS(run(node, {exact({1, 2, 3})}, {Shape{3}}), "'dense.bias' is not bound",
                       std::logic_error);
}

TEST_CASE("a graph is evaluated node by node, inputs in their order, epilogues after their node") {
  std::mt19937 random(1);
  Graph g;
  Node a, b;
  a.name = "a", b.name = "b";
  a.op = b.op = "input";
  a.shape = b.shape = {2};
  Node dense = make_node("dense", {{"features", int64_t{2}}, {"bias", false}}, {Shape{2}}, random);
  set_parameter(dense, "weight", {1, 0, 0, -1});
  dense.inputs = {1, 0};
  dense.epilogue = {{"add", {}, 1}, {"relu", {}, -1}};
  Node sum = make_node("add", {}, {Shape{2}, Shape{2}}, random);
  sum.inputs = {0, 2, 1, 0};
  sum.epilogue = {{"add", {}, 2}, {"multiply", {}, 3}};
  for (Node* node : {&a, &b, &dense, &sum}) node->covers = {node->name};
  g.nodes = {a, b, dense, sum};
  g.inputs = {1, 0};
  g.outputs = {{"y", 2}};
  verify(g);
  const auto results = evaluate(g, {{1, 2}, {10, 1}});  // b, a
  CHECK(results[0].values == std::vector<double>{10, 1});
  CHECK(results[1].values == std::vector<double>{1, 2});
  CHECK(results[2].values == std::vector<double>{11, 0});
  CHECK(results[3].values == std::vector<double>{220, 3});
  const std::vector<NodeId> wanted = {3, 0, 2, 3};
  const auto chosen = evaluate_nodes(g, {{1, 2}, {10, 1}}, wanted);
  REQUIRE(chosen.size() == wanted.size());
  for (size_t i = 0; i < wanted.size(); ++i) {
    CHECK(chosen[i].values == results[wanted[i]].values);
    CHECK(chosen[i].bounds == results[wanted[i]].bounds);
  }
  CHECK_THROWS_WITH_AS(evaluate(g, {{1, 2}, {10}}), "input 'a' has 2 elements; found 1 values",
                       std::logic_error);
}
