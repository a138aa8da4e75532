// The error bounds of the reference evaluations: a float computation stays within them, and they are not
// idle.
#include <doctest/doctest.h>

#include <cmath>

#include "ops/reference.h"
#include "ops_fixture.h"

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

TEST_CASE("float activations stay within their bounds") {
  std::mt19937 random(7);
  const auto x = random_floats(2000, random, -20, 20);
  const Shape shape{2000};
  std::vector<float> tanh, sigmoid;
  for (float v : x) {
    tanh.push_back(std::tanh(v));
    sigmoid.push_back(1 / (1 + std::exp(-v)));
  }
  CHECK(worst_ratio(tanh, run(make_node("tanh", {}, {shape}, random), {exact(x)}, {shape})) <= 1);
  CHECK(worst_ratio(sigmoid, run(make_node("sigmoid", {}, {shape}, random), {exact(x)}, {shape})) <= 1);
}

// Each input moved by its whole bound, up or down.
TEST_CASE("what a layer before got wrong is passed on") {
  std::mt19937 random(7);
  const Shape vector{30};
  for (const std::string op : {"tanh", "sigmoid", "softmax", "relu", "dense"}) {
    Attributes a;
    if (op == "dense") a["features"] = int64_t{10};
    const Node node = make_node(op, a, {vector}, random);
    Reference x = exact(random_floats(30, random));
    for (double size : {1e-6, 1e-3, 0.3, 100.0})
      for (int round = 0; round < 20; ++round) {
        x.bounds.assign(30, size);
        Reference moved = x;
        for (double& v : moved.values) v += random() % 2 ? size : -size;
        const Reference expected = run(node, {x}, {vector}), found = run(node, {moved}, {vector});
        CHECK(worst_ratio(found.values, expected) <= 1 + 1e-9);  // both in double
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
  CHECK(run(make_node("add", {}, {shape, shape}, random), {x, x}, {shape, shape}).bounds[3] ==
        doctest::Approx(2 + gamma_k(1) * 10).epsilon(1e-12));
  CHECK(run(make_node("relu", {}, {shape}, random), {x}, {shape}).bounds == x.bounds);
}
