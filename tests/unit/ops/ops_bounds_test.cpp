// The error bounds of the reference evaluations: a float computation stays within them, and they are not
// idle.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "ops/contraction/winograd_bound.h"
#include "ops/reference.h"
#include "unit/ops/ops_fixture.h"

using namespace cnnc;
using namespace cnnc::testing;

namespace {

// The largest error in units of its bound.
template <class T>
double worst_ratio(const std::vector<T>& found, const Reference& expected) {
  double worst = 0;
  for (size_t i = 0; i < found.size(); ++i)
    worst = std::max(worst, std::fabs(found[i] - expected.values[i]) / expected.bounds[i]);
  return worst;
}

// In float, in the order of the definition, with the bias first.
std::vector<float> float_dense(const std::vector<float>& w, const std::vector<float>& b,
                               const std::vector<float>& x) {
  std::vector<float> y;
  for (size_t o = 0; o < b.size(); ++o) {
    float sum = b[o];
    for (size_t i = 0; i < x.size(); ++i) {
      const float product = w[o * x.size() + i] * x[i];
      sum += product;
    }
    y.push_back(sum);
  }
  return y;
}

// 3x3 filters, no padding.
std::vector<float> float_conv(const Node& node, const std::vector<float>& x, const Shape& s) {
  const auto &w = values_of(node, "weight"), &b = values_of(node, "bias");
  std::vector<float> y;
  for (int64_t o = 0; o < node.shape.channels(); ++o)
    for (int64_t i = 0; i < node.shape.height(); ++i)
      for (int64_t j = 0; j < node.shape.width(); ++j) {
        float sum = b[o];
        for (int64_t c = 0; c < s.channels(); ++c)
          for (int64_t k = 0; k < 9; ++k)
            sum +=
                w[(o * s.channels() + c) * 9 + k] * x[(c * s.height() + i + k / 3) * s.width() + j + k % 3];
        y.push_back(sum);
      }
  return y;
}

std::vector<float> float_log_softmax(std::vector<float> x) {
  const float m = *std::max_element(x.begin(), x.end());
  float sum = 0;
  for (const float v : x) sum += std::exp(v - m);
  for (float& v : x) v = v - m - std::log(sum);
  return x;
}

std::vector<float> float_softmax(std::vector<float> x) {
  const float m = *std::max_element(x.begin(), x.end());
  float sum = 0;
  for (float& v : x) sum += v = std::exp(v - m);
  for (float& v : x) v /= sum;
  return x;
}

}  // namespace

TEST_CASE("gamma is k u to first order, and finite for any k") {
  CHECK(gamma_k(1) == doctest::Approx(kRoundoff));
  CHECK(gamma_k(1000) > 1000 * kRoundoff);
  CHECK(gamma_k(int64_t{1} << 31) == doctest::Approx(256));
}

TEST_CASE("a float dense layer stays within its bound, and uses a fair part of it") {
  std::mt19937 random(7);
  double worst = 0;
  for (int round = 0; round < 50; ++round) {
    const Node node = make_node("dense", {{"features", int64_t{20}}}, {Shape{100}}, random);
    const auto x = random_floats(100, random);
    worst = std::max(worst, worst_ratio(float_dense(values_of(node, "weight"), values_of(node, "bias"), x),
                                        run(node, {exact(x)}, {Shape{100}})));
  }
  CHECK(worst <= 1);
  CHECK(worst >= 1.0 / 200);
}

TEST_CASE("a float conv stays within its bound, and uses a fair part of it") {
  std::mt19937 random(7);
  const Shape shape{11, 8, 9};
  double worst = 0;
  for (int round = 0; round < 20; ++round) {
    const Node node = make_node("conv", {{"channels", int64_t{5}}, {"filter", Sizes{3, 3}}}, {shape}, random);
    const auto x = random_floats(shape.elements(), random);
    worst = std::max(worst, worst_ratio(float_conv(node, x, shape), run(node, {exact(x)}, {shape})));
  }
  CHECK(worst <= 1);
  CHECK(worst >= 1.0 / 200);
}

TEST_CASE("a float softmax stays within its bound, and uses a fair part of it") {
  std::mt19937 random(7);
  double worst = 0;
  for (float range : {0.1f, 1.0f, 10.0f, 60.0f, 200.0f}) {
    const auto x = random_floats(100, random, -range, range);
    const Node node = make_node("softmax", {}, {Shape{100}}, random);
    worst = std::max(worst, worst_ratio(float_softmax(x), run(node, {exact(x)}, {Shape{100}})));
  }
  CHECK(worst <= 1);
  CHECK(worst >= 1.0 / 200);
}

TEST_CASE("a float log_softmax stays within its bound, and uses a fair part of it") {
  std::mt19937 random(7);
  double worst = 0;
  for (float range : {0.1f, 1.0f, 10.0f, 60.0f, 200.0f}) {
    const auto x = random_floats(100, random, -range, range);
    const Node node = make_node("log_softmax", {}, {Shape{100}}, random);
    worst = std::max(worst, worst_ratio(float_log_softmax(x), run(node, {exact(x)}, {Shape{100}})));
  }
  CHECK(worst <= 1);
  CHECK(worst >= 1.0 / 200);
}

TEST_CASE("a float softmax of features far apart stays within its bound") {
  std::mt19937 random(7);
  const Node node = make_node("softmax", {}, {Shape{2}}, random);
  double worst = 0;
  for (float distance : random_floats(500, random, 0, 80)) {
    const std::vector<float> x = {1.3f, 1.3f - distance};
    worst = std::max(worst, worst_ratio(float_softmax(x), run(node, {exact(x)}, {Shape{2}})));
  }
  CHECK(worst <= 1);
  CHECK(worst >= 1.0 / 10);
}

TEST_CASE("a product of bfloat16 may lack what a weight or an input too small for a normal number makes") {
  std::mt19937 random(1);
  const Shape map{1, 1, 1};
  for (const auto& [weight, input] : {std::pair(1e-39f, 1e6f), std::pair(1e6f, 1e-39f)}) {
    Node conv =
        make_node("bfloat16_conv", {{"channels", int64_t{1}}, {"filter", Sizes{1, 1}}}, {map}, random);
    set_parameter(conv, "weight", {weight});
    set_parameter(conv, "bias", {0});
    const Reference result = run(conv, {exact({input})}, {map});
    CHECK(result.bounds[0] >= std::fabs(result.values[0]));
  }
}

TEST_CASE("a conv with one window has the value and the bound of a dense layer") {
  std::mt19937 random(7);
  const Shape map{3, 2, 2}, vector{12};
  const Node conv = make_node("conv", {{"channels", int64_t{5}}, {"filter", Sizes{2, 2}}}, {map}, random);
  Node dense = make_node("dense", {{"features", int64_t{5}}}, {vector}, random);
  set_parameter(dense, "weight", values_of(conv, "weight"));
  set_parameter(dense, "bias", values_of(conv, "bias"));
  Reference x = exact(random_floats(12, random));
  for (double size : {0.0, 1e-3, 10.0}) {
    x.bounds.assign(12, size);
    const Reference a = run(conv, {x}, {map}), b = run(dense, {x}, {vector});
    for (int i = 0; i < 5; ++i) {
      CHECK(a.values[i] == doctest::Approx(b.values[i]).epsilon(1e-12));
      CHECK(a.bounds[i] / b.bounds[i] == doctest::Approx(1).epsilon(1e-12));
    }
    CHECK(a.terms == b.terms);
  }
}

namespace {

// An activation as a float program may compute it.
struct FloatActivation {
  std::string op;
  Attributes attributes;
  float (*of)(float);
};

float float_sigmoid(float x) {
  return 1 / (1 + std::exp(-x));
}

const std::vector<FloatActivation> kFloatActivations = {
    {"tanh", {}, [](float x) { return std::tanh(x); }},
    {"sigmoid", {}, float_sigmoid},
    {"relu6", {}, [](float x) { return std::min(std::max(x, 0.0f), 6.0f); }},
    {"clip", {{"min", -0.1}, {"max", 0.7}}, [](float x) { return std::min(std::max(x, -0.1f), 0.7f); }},
    {"abs", {}, [](float x) { return std::fabs(x); }},
    {"neg", {}, [](float x) { return -x; }},
    {"square", {}, [](float x) { return x * x; }},
    {"reciprocal", {}, [](float x) { return 1 / x; }},
    {"softsign", {}, [](float x) { return x / (1 + std::fabs(x)); }},
    {"celu", {}, [](float x) { return x > 0 ? x : std::expm1(x); }},
    {"celu", {{"alpha", 0.3}}, [](float x) { return x > 0 ? x : 0.3f * std::expm1(x * (1 / 0.3f)); }},
    {"threshold", {{"threshold", 0.3}}, [](float x) { return x > 0.3f ? x : 0.0f; }},
    {"threshold", {{"threshold", -0.3}, {"value", 7.0}}, [](float x) { return x > -0.3f ? x : 7.0f; }},
    {"shrink", {}, [](float x) { return std::fabs(x) > 0.5f ? x : 0.0f; }},
    {"shrink",
     {{"lambda", 0.3}, {"bias", 0.7}},
     [](float x) { return x > 0.3f    ? x - 0.7f
                          : x < -0.3f ? x + 0.7f
                                      : 0.0f; }},
    {"floor", {}, [](float x) { return std::floor(x); }},
    {"ceil", {}, [](float x) { return std::ceil(x); }},
    {"round", {}, [](float x) { return std::nearbyint(x); }},
    {"sign", {}, [](float x) { return x > 0   ? 1.0f
                                      : x < 0 ? -1.0f
                                              : 0.0f; }},
    {"exp", {}, [](float x) { return std::exp(x); }},
    {"log", {}, [](float x) { return std::log(x); }},
    {"erf", {}, [](float x) { return std::erf(x); }},
    {"sin", {}, [](float x) { return std::sin(x); }},
    {"cos", {}, [](float x) { return std::cos(x); }},
    {"sqrt", {}, [](float x) { return std::sqrt(x); }},
    {"leaky_relu", {}, [](float x) { return x > 0 ? x : 0.01f * x; }},
    {"leaky_relu", {{"slope", -1.7}}, [](float x) { return x > 0 ? x : -1.7f * x; }},
    {"elu", {}, [](float x) { return x > 0 ? x : std::expm1(x); }},
    {"elu", {{"alpha", 0.3}}, [](float x) { return x > 0 ? x : 0.3f * std::expm1(x); }},
    {"selu", {}, [](float x) { return 1.05070099f * (x > 0 ? x : 1.67326324f * std::expm1(x)); }},
    {"gelu", {}, [](float x) { return 0.5f * x * (1 + std::erf(x * 0.707106781f)); }},
    {"gelu",
     {{"approximate", true}},
     [](float x) { return x * float_sigmoid(1.59576912f * (x + 0.044715f * x * x * x)); }},
    {"silu", {}, [](float x) { return x / (1 + std::exp(-x)); }},
    {"mish", {}, [](float x) { return x * std::tanh(std::log1p(std::exp(x))); }},
    {"softplus", {}, [](float x) { return x > 20 ? x : std::log1p(std::exp(x)); }},
    {"softplus",
     {{"beta", 0.7}, {"threshold", 3.0}},
     [](float x) { return 0.7f * x > 3 ? x : std::log1p(std::exp(0.7f * x)) / 0.7f; }},
    {"hardsigmoid", {}, [](float x) { return std::min(std::max(x + 3, 0.0f), 6.0f) / 6; }},
    {"hardsigmoid",
     {{"slope", 0.2}},
     [](float x) { return std::min(std::max(0.2f * x + 0.5f, 0.0f), 1.0f); }},
    {"hardsigmoid",
     {{"slope", 0.3}, {"offset", -0.7}},
     [](float x) { return std::min(std::max(0.3f * x - 0.7f, 0.0f), 1.0f); }},
    {"hardswish", {}, [](float x) { return x * (std::min(std::max(x + 3, 0.0f), 6.0f) / 6); }},
};

}  // namespace

TEST_CASE("float activations stay within their bounds") {
  std::mt19937 random(7);
  const Shape shape{4000};
  for (const FloatActivation& activation : kFloatActivations)
    for (const float range : {20.0f, 1.0f}) {
      const auto x = random_floats(4000, random, -range, range);
      std::vector<float> y;
      for (const float v : x) y.push_back(activation.of(v));
      const Node node = make_node(activation.op, activation.attributes, {shape}, random);
      CAPTURE(activation.op);
      CHECK(worst_ratio(y, run(node, {exact(x)}, {shape})) <= 1);
    }
}

TEST_CASE("the bounds of activations are relative where their kernels' errors are") {
  std::mt19937 random(7);
  const auto bound = [&](const std::string& op, const Attributes& a, float x) {
    const Reference y = run(make_node(op, a, {{1}}, random), {exact({x})}, {{1}});
    return y.bounds[0] / std::fabs(y.values[0]);
  };
  for (const float x : {-15.0f, -1.0f, -1e-6f, 1e-6f, 1.0f, 15.0f}) {
    for (const std::string op : {"elu", "selu", "silu", "mish", "softplus", "leaky_relu", "hardswish"})
      if (op != "hardswish" || x > -3) CHECK_MESSAGE(bound(op, {}, x) < 50 * kRoundoff, op, " of ", x);
    if (x >= -1) CHECK(bound("gelu", {{"approximate", true}}, x) < 50 * kRoundoff);
  }
}

namespace {

// The value of one element and its bound.
Reference result_of(const std::string& op, double x, double bound = 0, const Attributes& attributes = {}) {
  std::mt19937 random(7);
  return run(make_node(op, attributes, {{1}}, random), {Reference{{x}, {bound}}}, {{1}});
}

}  // namespace

TEST_CASE("a result that is no finite number is exact, and has no bound where it may be one or not") {
  const double infinity = std::numeric_limits<double>::infinity();
  const auto is = [](const Reference& y, double value, double bound) {
    return (y.values[0] == value || (std::isnan(y.values[0]) && std::isnan(value))) && y.bounds[0] == bound;
  };
  CHECK(is(result_of("sqrt", -1), NAN, 0));
  CHECK(is(result_of("sqrt", -1, 0.5), NAN, 0));
  CHECK(is(result_of("sqrt", -1, 2), NAN, infinity));
  CHECK(is(result_of("sqrt", 1, 2), 1, infinity));
  CHECK(is(result_of("sqrt", infinity), infinity, 0));
  CHECK(is(result_of("sqrt", NAN), NAN, 0));
  CHECK(is(result_of("sqrt", NAN, NAN), NAN, 0));
  CHECK(is(result_of("reciprocal", 0), infinity, 0));
  CHECK(is(result_of("reciprocal", 1e-3, 1e-2), 1e3, infinity));
  CHECK(is(result_of("reciprocal", -1e-40), -infinity, 0));
  CHECK(result_of("reciprocal", 2, 1).bounds[0] == doctest::Approx(0.5).epsilon(1e-6));
  CHECK(result_of("reciprocal", 1 / 0x1.ffffffp127).bounds[0] == infinity);  // may be the greatest float
  CHECK(is(result_of("square", 2e19), infinity, 0));
  CHECK(is(result_of("square", 1e19, 1e19), 1e38, infinity));
  CHECK(result_of("square", 1e-30).bounds[0] < 3e-38);  // may be 0
  CHECK(result_of("square", 1e-30).bounds[0] > 1e-60);
  CHECK(is(result_of("log", 0), -infinity, 0));
  CHECK(is(result_of("log", -1e-3), NAN, 0));
  CHECK(is(result_of("log", 1e-3, 1e-2), std::log(1e-3), infinity));
  CHECK(is(result_of("log", infinity), infinity, 0));
  CHECK(is(result_of("exp", 89), infinity, 0));
  CHECK(is(result_of("exp", 88, 1), std::exp(88), infinity));
  CHECK(result_of("exp", 88).bounds[0] < 1e32);
  CHECK(result_of("exp", -infinity).bounds[0] < 9 * kLeastNormal);
  CHECK(is(result_of("sin", infinity), NAN, 0));
  CHECK(is(result_of("cos", 1, infinity), std::cos(1), infinity));
  CHECK(result_of("cos", 1e4).bounds[0] < 10 * kRoundoff);
  CHECK(result_of("sin", 1e30f).bounds[0] == 2);
  CHECK(is(result_of("relu", NAN), NAN, 0));
  CHECK(is(result_of("tanh", NAN, infinity), NAN, 4 * kRoundoff));
}

TEST_CASE("behind what may be anything anything may be") {
  const double infinity = std::numeric_limits<double>::infinity();
  for (const char* op : {"floor", "ceil", "round", "relu", "abs", "square"})
    CHECK_MESSAGE(result_of(op, 0.5, infinity).bounds[0] == infinity, op);
  CHECK(result_of("sign", 0.5, infinity).bounds[0] == 2);
  CHECK(result_of("threshold", 0.5, infinity, {{"threshold", 1.0}, {"value", 5.0}}).bounds[0] == infinity);
}

TEST_CASE("a step's bound has its height where an error of the argument reaches it, and nowhere else") {
  const auto bound = [](const char* op, double x, double error) { return result_of(op, x, error).bounds[0]; };
  CHECK(bound("floor", 2.5, 0.25) == 0);
  CHECK(bound("floor", 2.125, 0.25) == 1);
  CHECK(bound("floor", 2, 1e-6) == 1);
  CHECK(bound("floor", 2, 0) == 0);
  CHECK(bound("floor", 2.5, 3) == 3);
  CHECK(bound("ceil", 2.5, 0.25) == 0);
  CHECK(bound("ceil", 2.875, 0.25) == 1);
  CHECK(bound("round", 2.75, 0.125) == 0);
  CHECK(bound("round", 2.75, 0.375) == 1);
  CHECK(bound("sign", 0.5, 0.25) == 0);
  CHECK(bound("sign", 0.5, 0.75) == 2);
  CHECK(bound("sign", 0, 0.25) == 1);
  const auto of = [](double x, double error, const Attributes& a) {
    return result_of(a.count("lambda") ? "shrink" : "threshold", x, error, a).bounds[0];
  };
  const Attributes threshold = {{"threshold", 1.0}, {"value", 5.0}};
  CHECK(of(2, 0.5, threshold) == 0.5);
  CHECK(of(1, 0, threshold) == 0);
  CHECK(of(1, 0.25, threshold) == 4);
  CHECK(of(1.25, 0.5, threshold) == 3.75);
  CHECK(of(3, 2.5, threshold) == 2.5);
  const Attributes shrink = {{"lambda", 1.0}, {"bias", 3.0}};
  CHECK(of(0.5, 0.25, shrink) < 1e-6);
  CHECK(of(0.5, 0.75, shrink) == doctest::Approx(2));
  CHECK(of(0, 1.5, shrink) == doctest::Approx(2));
  CHECK(of(3, 0.5, shrink) == doctest::Approx(0.5));
}

TEST_CASE("a prelu scales what is negative by its channel's weight, or by its only one") {
  std::mt19937 random(7);
  const Shape shape{2, 1, 2};
  Node node = make_node("prelu", {{"per_channel", true}}, {shape}, random);
  set_parameter(node, "weight", {0.5f, -2});
  const Reference y = run(node, {exact({-1, 3, -1, -0.25f})}, {shape});
  CHECK(y.values == std::vector<double>{-0.5, 3, 2, 0.5});
  for (size_t i = 0; i < 4; ++i) CHECK(y.bounds[i] == doctest::Approx(gamma_k(1) * std::fabs(y.values[i])));
  node = make_node("prelu", {}, {shape}, random);
  set_parameter(node, "weight", {0.25f});
  CHECK(run(node, {exact({-1, 3, -2, 4})}, {shape}).values == std::vector<double>{-0.25, 3, -0.5, 4});
}

TEST_CASE("a product's bound is what its factors' errors can make of it") {
  std::mt19937 random(7);
  const Shape shape{1, 1, 1};
  const std::vector<Shape> shapes(3, shape);
  const Reference x{{2}, {0.5}}, y{{-3}, {0.25}}, z{{0}, {1}};
  const Node node = make_node("multiply", {}, shapes, random);
  const Reference product = run(node, {x, y, z}, shapes);
  CHECK(product.values[0] == 0);
  CHECK(product.bounds[0] == doctest::Approx(2.5 * 3.25).epsilon(1e-6));
  const Reference two = run(make_node("multiply", {}, {shape, shape}, random), {x, y}, {shape, shape});
  CHECK(two.values[0] == -6);
  CHECK(two.bounds[0] == doctest::Approx(2.5 * 3.25 - 6).epsilon(1e-6));
}

// Each input moved within its bound, or by the whole of it, up or down.
TEST_CASE("what a layer before got wrong is passed on") {
  std::mt19937 random(7);
  const Shape vector{30};
  std::vector<std::pair<std::string, Attributes>> layers = {{"softmax", {}},
                                                            {"log_softmax", {}},
                                                            {"relu", {}},
                                                            {"prelu", {}},
                                                            {"dense", {{"features", int64_t{10}}}}};
  for (const FloatActivation& activation : kFloatActivations)
    layers.emplace_back(activation.op, activation.attributes);
  for (const auto& [op, attributes] : layers) {
    const Node node = make_node(op, attributes, {vector}, random);
    Reference x = exact(random_floats(30, random, -3, 3));
    for (double size : {1e-6, 1e-3, 0.3, 100.0})
      for (int round = 0; round < 20; ++round) {
        x.bounds.assign(30, size);
        Reference moved = x;
        for (double& v : moved.values) v += size * random_floats(1, random)[0] * (round % 2 ? 1 : 0.1);
        const Reference expected = run(node, {x}, {vector}), found = run(node, {moved}, {vector});
        CAPTURE(op);
        CHECK(worst_ratio(found.values, expected) <= 1 + 1e-9);  // both in double
        for (size_t i = 0; i < moved.values.size(); ++i)
          moved.values[i] = x.values[i] + (random() % 2 ? size : -size);
        CHECK(worst_ratio(run(node, {moved}, {vector}).values, expected) <= 1 + 1e-9);
      }
  }
}

TEST_CASE(
    "a batch normalization folded into the layer before stays within its bound, even with a large shift") {
  std::mt19937 random(7);
  const Shape in{300}, out{16};
  double worst = 0;
  for (float mean : {0.0f, 1.0f, 1e4f})
    for (int round = 0; round < 20; ++round) {
      const Node dense = make_node("dense", {{"features", int64_t{16}}}, {in}, random);
      Node norm = make_node("batchnorm", {}, {out}, random);
      set_parameter(norm, "running_mean", random_floats(16, random, mean - 1, mean + 1));
      const auto x = random_floats(300, random);
      std::vector<float> w, b;
      for (int o = 0; o < 16; ++o) {
        const double s = values_of(norm, "weight")[o] / std::sqrt(values_of(norm, "running_var")[o] + 1e-5);
        for (int i = 0; i < 300; ++i)
          w.push_back(static_cast<float>(s * values_of(dense, "weight")[o * 300 + i]));
        const double centred = double{values_of(dense, "bias")[o]} - values_of(norm, "running_mean")[o];
        b.push_back(static_cast<float>(s * centred + values_of(norm, "bias")[o]));
      }
      const Reference expected = run(norm, {run(dense, {exact(x)}, {in})}, {out});
      worst = std::max(worst, worst_ratio(float_dense(w, b, x), expected));
    }
  CHECK(worst <= 1);
  CHECK(worst >= 1.0 / 200);
}

TEST_CASE("a shift rides through a sum whose channels were moved and moved back before it") {
  std::mt19937 random(7);
  const Shape in{30, 1, 1}, out{4, 1, 1};
  const Node conv = make_node("conv", {{"channels", int64_t{4}}, {"filter", Sizes{1, 1}}}, {in}, random);
  const Node shuffle = make_node("channel_shuffle", {{"groups", int64_t{2}}}, {out}, random);
  const Node norm = make_node("batchnorm", {}, {out}, random);
  const Reference sums = run(conv, {exact(random_floats(30, random))}, {in});
  const Reference moved = run(shuffle, {run(shuffle, {sums}, {out})}, {out});
  CHECK(run(norm, {moved}, {out}).bounds == run(norm, {sums}, {out}).bounds);
}

// Products of 1000 that cancel: the sum is small, the rounding of its weights is not.
TEST_CASE("each batch normalization behind a sum may round the sum's weights once more") {
  std::mt19937 random(7);
  Node norm = make_node("batchnorm", {{"eps", 0.0}}, {{1}}, random);
  for (const char* one : {"weight", "running_var"}) set_parameter(norm, one, {1});
  for (const char* none : {"bias", "running_mean"}) set_parameter(norm, none, {0});
  Reference sum{{1e-3}, {gamma_k(13) * 1e4}, 10};
  for (int64_t norms = 1; norms <= 5; ++norms) {
    sum = run(norm, {sum}, {{1}});
    CHECK(sum.bounds[0] >= gamma_k(13 + norms) * 1e4);
    CHECK(sum.bounds[0] < gamma_k(13 + norms) * 1e4 * (1 + 1e-5));
  }
}

TEST_CASE("Winograd's transforms round what the input's own error can add as they round the input") {
  std::mt19937 random(7);
  const Shape shape{3, 6, 6};
  for (const auto of : {WinogradTransform::Of::columns, WinogradTransform::Of::filters}) {
    const Attributes direct = {{"channels", int64_t{2}}, {"filter", Sizes{3, 3}}};
    Node conv = make_node("conv", direct, {shape}, random);
    const Reference ones = exact(std::vector<float>(108, 1));
    const Reference noughts{std::vector<double>(108), std::vector<double>(108, 1)};
    const auto added = [&](const Reference& x) {
      Reference result = run(conv, {x}, {shape});
      const double before = result.bounds[0];
      add_bounds_of({of, 2}, conv, shape, x, result);
      return result.bounds[0] - before;
    };
    CHECK(added(ones) > 0);
    CHECK(added(noughts) == doctest::Approx(added(ones)).epsilon(1e-6));
  }
}

TEST_CASE("a batch normalization on its own stays within its bound") {
  std::mt19937 random(7);
  const Shape shape{64};
  for (int round = 0; round < 20; ++round) {
    const Node norm = make_node("batchnorm", {}, {shape}, random);
    const auto x = random_floats(64, random, -3, 3);
    std::vector<float> y;
    for (int i = 0; i < 64; ++i) {
      const double s = values_of(norm, "weight")[i] / std::sqrt(values_of(norm, "running_var")[i] + 1e-5);
      const auto scale = static_cast<float>(s);
      const auto shift =
          static_cast<float>(values_of(norm, "bias")[i] - s * values_of(norm, "running_mean")[i]);
      const float product = scale * x[i];
      y.push_back(product + shift);
    }
    CHECK(worst_ratio(y, run(norm, {exact(x)}, {shape})) <= 1);
  }
}

TEST_CASE("pools and sums pass bounds on and add their own roundings") {
  std::mt19937 random(7);
  const Shape shape{1, 2, 2};
  const Reference x{{1, 2, 3, -4}, {0.5, 0.25, 0.125, 1}};
  CHECK(run(make_node("global_maxpool", {}, {shape}, random), {x}, {shape}).bounds[0] == 1);
  CHECK(run(make_node("global_avgpool", {}, {shape}, random), {x}, {shape}).bounds[0] ==
        doctest::Approx(0.46875 + gamma_k(5) * (2.5 + 0.46875)).epsilon(1e-12));
  // Of sums of 10 products, which may be sums of products with means: γ(10 + 3) becomes γ(10 + 3 + 5).
  const Reference sums{x.values, x.bounds, 10};
  CHECK(run(make_node("global_avgpool", {}, {shape}, random), {sums}, {shape}).bounds[0] ==
        doctest::Approx(0.46875 * 18 / 13 + gamma_k(5) * 2.5).epsilon(1e-6));
  CHECK(run(make_node("add", {}, {shape, shape}, random), {x, x}, {shape, shape}).bounds[3] ==
        doctest::Approx(2 + gamma_k(1) * 10).epsilon(1e-12));
  CHECK(run(make_node("relu", {}, {shape}, random), {x}, {shape}).bounds ==
        std::vector<double>{0.5, 0.25, 0.125, 0});
}
