// Elementary functions, measured as compiled.
#include <doctest/doctest.h>

#include <cfloat>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>

#include "kernels/activation.h"
#include "kernels/comparison.h"
#include "kernels/elementary.h"
#include "kernels/kernel.h"
#include "target/host.h"

using namespace cnnc;

namespace {

constexpr Isa kIsas[] = {Isa::sse41, Isa::avx2, Isa::avx512};

using Function = Halide::Expr (*)(Halide::Expr);

// The function of every argument, compiled as in a generated library but for what running it here needs.
std::vector<float> computed(Function function, std::vector<float>& arguments, const Target& target) {
  using T = Halide::Target;
  Halide::Buffer<float> input(arguments.data(), static_cast<int>(arguments.size()));
  Halide::Var x("x");
  Halide::Func f("f");
  f(x) = function(input(x));
  f.vectorize(x, target.lanes);
  std::vector<float> results(arguments.size());
  Halide::Buffer<float> output(results.data(), static_cast<int>(results.size()));
  T here = halide_target(target);
  for (const T::Feature feature : {T::NoRuntime, T::NoAsserts, T::NoBoundsQuery})
    here = here.without_feature(feature);
  DefineComparisons comparisons;
  f.add_custom_lowering_pass(&comparisons, nullptr);
  f.realize(output, here);
  return results;
}

float from_bits(uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

// The whole range of float evenly by bits, where the functions change evenly by value, and each edge with its
// neighbours; a whole number of the widest vectors.
std::vector<float> dense_arguments() {
  std::vector<float> arguments;
  for (uint64_t bits = 0; bits < uint64_t{1} << 32; bits += 8191)
    if (const float value = from_bits(static_cast<uint32_t>(bits)); std::isfinite(value))
      arguments.push_back(value);
  for (int i = -500000; i <= 500000; ++i) arguments.push_back(static_cast<float>(i * (100.0 / 500000)));
  for (const float edge : {0.0f,   FLT_TRUE_MIN,  FLT_MIN,
                           1e-20f, 1e-4f,         0.3465735903f,
                           0.625f, 0.6931471806f, 1.0f,
                           10.0f,  43.65f,        44.15f,
                           85.0f,  87.3f,         88.0f,
                           88.3f,  88.7228f,      89.0f,
                           104.0f, FLT_MAX,       std::numeric_limits<float>::infinity()})
    for (const float value : {edge, -edge})
      for (const float neighbour : {std::nextafter(value, -INFINITY), value, std::nextafter(value, INFINITY)})
        arguments.push_back(neighbour);
  while (arguments.size() % 16 != 0) arguments.push_back(0.5f);
  return arguments;
}

// The distance of floats around an exact value: one unit in the last place.
double ulp(double exact) {
  const int exponent = exact == 0 ? -126 : std::max(std::ilogb(exact), -126);
  return std::ldexp(1.0, exponent - (FLT_MANT_DIG - 1));
}

struct Worst {
  double ulps = 0;
  float argument = 0;
};

// The largest error over those arguments that count.
Worst worst_error(Function function, double (*exact)(double), const std::function<bool(float)>& counts,
                  const Target& target) {
  std::vector<float> arguments = dense_arguments();
  const std::vector<float> results = computed(function, arguments, target);
  Worst worst;
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (!counts(arguments[i])) continue;
    const double expected = exact(arguments[i]), ulps = std::fabs(results[i] - expected) / ulp(expected);
    if (!(ulps <= worst.ulps)) worst = {ulps, arguments[i]};  // no number is the worst of all
  }
  return worst;
}

double exact_exp(double x) {
  return std::exp(x);
}
double exact_tanh(double x) {
  return std::tanh(x);
}
double exact_expm1(double x) {
  return std::expm1(x);
}
double exact_sin(double x) {
  return std::sin(x);
}
double exact_cos(double x) {
  return std::cos(x);
}
double exact_log(double x) {
  return std::log(x);
}
double exact_log1p(double x) {
  return std::log1p(x);
}
double exact_erf(double x) {
  return std::erf(x);
}
double exact_sigmoid(double x) {
  return 1 / (1 + std::exp(-x));
}

// Checks the largest error on every instruction set of this machine.
void check_ulps(Function function, double (*exact)(double), const std::function<bool(float)>& counts,
                double promised) {
  for (const Isa isa : kIsas) {
    if (!runs_on_host(isa)) continue;
    const Worst worst = worst_error(function, exact, counts, target_for(isa));
    CAPTURE(to_string(isa));
    CAPTURE(worst.argument);
    CHECK(worst.ulps <= promised);
  }
}

// The results for a few arguments on the best instruction set here.
std::vector<float> results_of(Function function, std::vector<float> arguments) {
  const size_t count = arguments.size();
  arguments.resize((count + 15) / 16 * 16);
  std::vector<float> results = computed(function, arguments, target_for(*host_isa()));
  results.resize(count);
  return results;
}

}  // namespace

TEST_CASE("exp is within 2 units in the last place between -87.3 and 88.3") {
  check_ulps(
      exp_of, exact_exp, [](float x) { return x >= -87.3f && x <= 88.3f; }, 2);
}

TEST_CASE("exp is 0 below -87.3 and e^88.3 above 88.3") {
  const float infinity = std::numeric_limits<float>::infinity(), top = results_of(exp_of, {88.3f})[0];
  CHECK(top == doctest::Approx(std::exp(88.3)).epsilon(1e-5));
  const std::vector<float> below = {
      std::nextafter(-87.3f, -100.0f), -88.0f, -104.0f, -1e10f, -FLT_MAX, -infinity};
  for (const float result : results_of(exp_of, below)) CHECK(result == 0);
  for (const float result : results_of(exp_of, {88.31f, 89.0f, 1e10f, FLT_MAX, infinity}))
    CHECK(result == top);
}

TEST_CASE("exp of any number is within 2 units in the last place, and infinite beyond the greatest float") {
  check_ulps(
      any_exp_of, exact_exp, [](float x) { return x <= 88.72283f; }, 2);
  for (const float result : results_of(any_exp_of, {88.72284f, 88.8f, 89.0f, 200.0f, FLT_MAX, INFINITY}))
    CHECK(result == INFINITY);
  for (const float result : results_of(any_exp_of, {-104.0f, -1000.0f, -FLT_MAX, -INFINITY}))
    CHECK(result == 0);
}

TEST_CASE("expm1 is within 3 units in the last place below 88.3") {
  check_ulps(
      expm1_of, exact_expm1, [](float x) { return x <= 88.3f; }, 3);
}

TEST_CASE("log is within 3 units in the last place for positive normal numbers") {
  check_ulps(
      log_of, exact_log, [](float x) { return x >= FLT_MIN && x <= FLT_MAX; }, 3);
}

TEST_CASE("log of any number is within 3 units in the last place, and no finite number where there is none") {
  check_ulps(
      any_log_of, exact_log, [](float x) { return x > 0 && x <= FLT_MAX; }, 3);
  for (const float result : results_of(any_log_of, {0.0f, -0.0f})) CHECK(result == -INFINITY);
  CHECK(results_of(any_log_of, {INFINITY})[0] == INFINITY);
  for (const float result : results_of(any_log_of, {-1e-45f, -FLT_MIN, -1.0f, -FLT_MAX, -INFINITY}))
    CHECK(std::isnan(result));
}

TEST_CASE(
    "sin and cos are within 3 units in the last place where |x| is at most 1e6, beyond that off by more") {
  const auto is_moderate = [](float x) { return std::fabs(x) <= 1e6f; };
  check_ulps(sin_of, exact_sin, is_moderate, 3);
  check_ulps(cos_of, exact_cos, is_moderate, 3);
  std::vector<float> large;
  for (float x = 1e6f; x < 1e18f; x *= 1.0001f) large.push_back(x);
  const std::vector<float> sines = results_of(sin_of, large), cosines = results_of(cos_of, large);
  for (size_t i = 0; i < large.size(); ++i) {
    CHECK(std::fabs(sines[i] - std::sin(double{large[i]})) <= 3e-7 + large[i] * 0x1p-52);
    CHECK(std::fabs(cosines[i] - std::cos(double{large[i]})) <= 3e-7 + large[i] * 0x1p-52);
  }
  for (const auto function : {sin_of, cos_of}) {
    for (const float result : results_of(function, {1e16f, 1e20f, -3e30f, FLT_MAX, -FLT_MAX}))
      CHECK(std::fabs(result) <= 1);
    for (const float result : results_of(function, {INFINITY, -INFINITY})) CHECK(std::isnan(result));
  }
  for (const float x : {1e-45f, 1e-40f, 1e-30f}) CHECK(results_of(sin_of, {x})[0] == x);
}

// The rounding of halves is that of Halide's version.
TEST_CASE("a float is rounded to the nearest whole number, and halves to the even one") {
  const auto round_of = [](Halide::Expr x) { return activate("round", {}, x); };
  const std::vector<float> x = {-2.5f, -1.5f,       -0.5f,      0.5f,    1.5f,
                                2.5f,  0.49999997f, 8388607.5f, 8388609, 1e30f};
  const std::vector<float> expected = {-2, -2, 0, 0, 2, 2, 0, 8388608, 8388609, 1e30f};
  for (const Isa isa : kIsas) {
    if (!runs_on_host(isa)) continue;
    std::vector<float> arguments = x;
    arguments.resize(16);
    std::vector<float> found = computed(round_of, arguments, target_for(isa));
    found.resize(x.size());
    CHECK(found == expected);
  }
}

TEST_CASE("log1p is within 3 units in the last place between 0 and 1") {
  check_ulps(
      log1p_of, exact_log1p, [](float x) { return x >= 0 && x <= 1; }, 3);
}

TEST_CASE("erf is within 8 units in the last place where |x| is at least 1e-36, and 1 from 3.92 on") {
  check_ulps(
      erf_of, exact_erf, [](float x) { return std::fabs(x) >= 1e-36f; }, 8);
  for (const float result : results_of(erf_of, {3.92f, 4.0f, 1e10f, FLT_MAX, INFINITY})) CHECK(result == 1);
  for (const float result : results_of(erf_of, {-3.92f, -4.0f, -FLT_MAX, -INFINITY})) CHECK(result == -1);
}

TEST_CASE("tanh is within 3 units in the last place everywhere") {
  check_ulps(
      tanh_of, exact_tanh, [](float x) { return !std::isnan(x); }, 3);
}

TEST_CASE("sigmoid is within 4 units in the last place where it is at least 1e-37") {
  check_ulps(
      sigmoid_of, exact_sigmoid, [](float x) { return exact_sigmoid(x) >= 1e-37; }, 4);
}

TEST_CASE("sigmoid below 1e-37 is between 0 and 1e-37") {
  const std::vector<float> arguments = {-85.2f, -87.0f, -88.3f, -89.0f, -200.0f, -FLT_MAX, -INFINITY};
  for (const float result : results_of(sigmoid_of, arguments)) {
    CHECK(result >= 0);
    CHECK(result < 1.001e-37);
  }
}
