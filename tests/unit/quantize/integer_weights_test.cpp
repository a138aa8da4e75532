// Weights as whole numbers.
#include "quantize/integer_weights.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace cnnc;

using Integers = std::vector<int32_t>;

TEST_CASE("each output channel has the scale of its largest weight") {
  const IntegerWeights w = integer_weights({1, -0.5f, 0.25f, 4, 2, 0}, {}, 2, 0.1f, {127, {}});
  CHECK(w.scales == std::vector<float>{1.0f / 127, 4.0f / 127});
  CHECK(w.weight == Integers{127, -64, 32, 127, 64, 0});  // -63.5 and 63.5 to the even one
  CHECK(w.bias == Integers{0, 0});
  CHECK(integer_weights({1, -0.5f, 0.25f}, {}, 1, 0.1f, {64, {}}).weight == Integers{64, -32, 16});
}

TEST_CASE("weights of zeros have some scale") {
  const IntegerWeights w = integer_weights({0, 0}, {0.5f}, 1, 0.25f, {127, {}});
  CHECK(w.weight == Integers{0, 0});
  CHECK(w.scales[0] > 0);
  CHECK(w.bias[0] * 0.25 * w.scales[0] == doctest::Approx(0.5));
}

TEST_CASE("given scales are taken, for all channels or for each, and what is beyond them is held to 8 bits") {
  const IntegerWeights one = integer_weights({1, -2}, {}, 2, 1, {127, {0.5f}});
  CHECK(one.weight == Integers{2, -4});
  CHECK(one.scales == std::vector<float>{0.5f, 0.5f});
  const IntegerWeights each = integer_weights({100, -200}, {}, 2, 1, {127, {0.5f, 1}});
  CHECK(each.weight == Integers{127, -128});
  CHECK(each.scales == std::vector<float>{0.5f, 1});
  CHECK(integer_weights({100, -200}, {}, 2, 1, {64, {1}}).weight == Integers{64, -64});
}

TEST_CASE("a bias is in the scale of the sums, of which it takes half at most: the weights become coarser") {
  const IntegerWeights w = integer_weights({1, 1}, {0.3f, -0.7f}, 2, 0.02f, {127, {}});
  CHECK(w.bias == Integers{1905, -4445});
  const IntegerWeights large = integer_weights({1e-9f}, {1000}, 1, 0.02f, {127, {}});
  CHECK(large.bias[0] > (1 << 30) - 1000);
  CHECK(large.bias[0] <= 1 << 30);
  CHECK(large.bias[0] * 0.02 * large.scales[0] == doctest::Approx(1000));
  CHECK(large.weight == Integers{0});
}

TEST_CASE("sums fit in 32 bits up to some thousands of weights") {
  CHECK(sums_fit(25088));  // of VGG's first dense layer
  CHECK(sums_fit(32896));
  CHECK(!sums_fit(32897));
}
