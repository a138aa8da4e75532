// Operators on tensors of any rank: shapes, the values that numpy gives, and the bounds of a float
// evaluation.
#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include "bounds_fixture.h"
#include "ops/axes.h"
#include "ops/elementwise/broadcast.h"
#include "ops/evaluation/evaluate.h"
#include "ops_fixture.h"

using namespace cnnc;
using namespace cnnc::testing;

namespace {

using Values = std::vector<double>;

// 1, 2, 3, …
Reference counted(int64_t n) {
  Reference r{Values(static_cast<size_t>(n)), Values(static_cast<size_t>(n))};
  std::iota(r.values.begin(), r.values.end(), 1);
  return r;
}

// The values of the operator on 1, 2, 3, … of that shape.
Values of_counted(const std::string& op, const Attributes& a, const Shape& shape) {
  std::mt19937 random(1);
  return run(make_node(op, a, {shape}, random), {counted(shape.elements())}, {shape}).values;
}

Values of_two(const std::string& op, const std::vector<float>& x, const Shape& x_shape,
              const std::vector<float>& y, const Shape& y_shape, const Attributes& a = {}) {
  std::mt19937 random(1);
  return run(make_node(op, a, {x_shape, y_shape}, random), {exact(x), exact(y)}, {x_shape, y_shape}).values;
}

Values with_constant(const std::string& op, const std::vector<float>& x, const Shape& shape,
                     const std::vector<float>& constant, const Sizes& constant_shape) {
  std::mt19937 random(1);
  Node node = make_node(op, {{"shape", constant_shape}}, {shape}, random);
  set_parameter(node, "value", constant);
  return run(node, {exact(x)}, {shape}).values;
}

void check_close(const Values& found, const Values& expected) {
  REQUIRE(found.size() == expected.size());
  for (size_t i = 0; i < found.size(); ++i) CHECK(found[i] == doctest::Approx(expected[i]).epsilon(1e-11));
}

}  // namespace

TEST_CASE("what moves elements has numpy's values") {
  const Shape shape{2, 3, 2};
  CHECK(of_counted("reshape", {{"shape", Sizes{3, 4}}}, shape) == counted(12).values);
  CHECK(of_counted("flatten", {}, {2, 3, 1, 2}) == counted(12).values);
  CHECK(of_counted("permute", {{"order", Sizes{2, 0, 1}}}, shape) ==
        Values{1, 3, 5, 7, 9, 11, 2, 4, 6, 8, 10, 12});
  CHECK(of_counted("permute", {{"order", Sizes{1, 0}}}, {2, 3}) == Values{1, 4, 2, 5, 3, 6});
  CHECK(of_counted("flip", {{"axes", Sizes{0, 2}}}, shape) == Values{8, 7, 10, 9, 12, 11, 2, 1, 4, 3, 6, 5});
  CHECK(of_counted("crop",
                   {{"axis", int64_t{1}}, {"begin", int64_t{0}}, {"end", int64_t{3}}, {"step", int64_t{2}}},
                   shape) == Values{1, 2, 5, 6, 7, 8, 11, 12});
  CHECK(of_counted("crop", {{"axis", int64_t{0}}, {"begin", int64_t{1}}, {"end", int64_t{2}}}, {2, 3}) ==
        Values{4, 5, 6});
  CHECK(of_counted("expand", {{"shape", Sizes{2, 2, 3}}}, {2, 1}) ==
        Values{1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2});
}

TEST_CASE("places around those of an axis are numpy's") {
  const auto padded = [](int64_t axis, int64_t before, int64_t after, const char* mode) {
    return of_counted(
        "pad_along",
        {{"axis", axis}, {"before", before}, {"after", after}, {"value", 9.0}, {"mode", std::string(mode)}},
        {2, 3});
  };
  CHECK(padded(1, 1, 2, "constant") == Values{9, 1, 2, 3, 9, 9, 9, 4, 5, 6, 9, 9});
  CHECK(padded(0, 1, 0, "constant") == Values{9, 9, 9, 1, 2, 3, 4, 5, 6});
  CHECK(padded(1, 2, 1, "reflect") == Values{3, 2, 1, 2, 3, 2, 6, 5, 4, 5, 6, 5});
  CHECK(padded(1, 1, 2, "replicate") == Values{1, 1, 2, 3, 3, 3, 4, 4, 5, 6, 6, 6});
  CHECK(padded(1, 3, 2, "wrap") == Values{1, 2, 3, 1, 2, 3, 1, 2, 4, 5, 6, 4, 5, 6, 4, 5});
  CHECK(padded(0, 1, 1, "wrap") == Values{4, 5, 6, 1, 2, 3, 4, 5, 6, 1, 2, 3});
  CHECK(padded(1, -1, -1, "constant") == Values{2, 5});  // what is less than 0 is taken away first
  CHECK(padded(1, -1, 2, "constant") == Values{2, 3, 9, 9, 5, 6, 9, 9});
  CHECK(padded(1, -1, 2, "wrap") == Values{2, 3, 2, 3, 5, 6, 5, 6});
  CHECK(padded(1, -1, 1, "reflect") == Values{2, 3, 2, 5, 6, 5});
  CHECK(padded(1, 2, -2, "replicate") == Values{1, 1, 1, 4, 4, 4});
  CHECK(of_counted("tile", {{"repeats", Sizes{2, 2}}}, {1, 3}) == Values{1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3});
  CHECK(of_counted("tile", {{"repeats", Sizes{1, 2, 1}}}, {2, 1, 2}) == Values{1, 2, 1, 2, 3, 4, 3, 4});
}

TEST_CASE("how much an axis can be padded and repeated") {
  const auto padded = [](int64_t axis, int64_t before, int64_t after, const char* mode) {
    return inferred("pad_along",
                    {{"axis", axis}, {"before", before}, {"after", after}, {"mode", std::string(mode)}},
                    {{2, 5}});
  };
  CHECK(padded(1, 2, 3, "constant") == "2x10");
  CHECK(padded(1, -2, -2, "constant") == "2x1");
  CHECK(padded(1, 4, 4, "reflect") == "2x13");
  CHECK(padded(1, 5, 5, "wrap") == "2x15");
  CHECK(padded(1, -2, -3, "constant") ==
        "before: axis 1 of 2x5 has 5 places; none is left of them; take fewer places away");
  CHECK(padded(1, 3, -5, "constant").rfind("after: axis 1 of 2x5 has 5 places; none is left", 0) == 0);
  CHECK(padded(1, 0, 5, "reflect") ==
        "after: axis 1 of 2x5 has 5 places: 'mode reflect' makes at most 4 more of them; found 5; pad by "
        "less, or write 'mode replicate'");
  CHECK(padded(1, 6, 0, "wrap").rfind("before: axis 1 of 2x5 has 5 places: 'mode wrap' makes at most 5", 0) ==
        0);
  CHECK(padded(1, -1, 4, "reflect").rfind("after: ", 0) == 0);
  CHECK(padded(2, 1, 1, "constant").rfind("axis: ", 0) == 0);
  CHECK(padded(1, 2147483647, 0, "constant").rfind("after: the result", 0) == 0);
  CHECK(inferred("tile", {{"repeats", Sizes{3, 2}}}, {{2, 5}}) == "6x10");
  CHECK(inferred("tile", {{"repeats", Sizes{3}}}, {{2, 5}}) ==
        "repeats: a tensor of 2x5 has 2 sizes; found 1 numbers of repeats; write a number for each, 1 where "
        "it stays: 'tile 1x1'");
  CHECK(
      inferred("tile", {{"repeats", Sizes{int64_t{1} << 30, 2}}}, {{2, 5}}).rfind("repeats: the result", 0) ==
      0);
}

TEST_CASE("shapes of what moves elements") {
  CHECK(inferred("reshape", {{"shape", Sizes{6, 4}}}, {{2, 3, 4}}) == "6x4");
  CHECK(inferred("reshape", {{"shape", Sizes{24}}}, {{1, 2, 3, 1, 4, 1}}) == "24");
  CHECK(inferred("permute", {{"order", Sizes{3, 0, 2, 1}}}, {{2, 3, 4, 5}}) == "5x2x4x3");
  CHECK(inferred("crop",
                 {{"axis", int64_t{2}}, {"begin", int64_t{1}}, {"end", int64_t{9}}, {"step", int64_t{3}}},
                 {{2, 3, 9}}) == "2x3x3");
  CHECK(inferred("crop",
                 {{"axis", int64_t{0}}, {"begin", int64_t{1}}, {"end", int64_t{2}}, {"step", int64_t{3}}},
                 {{2}}) == "1");
  CHECK(inferred("expand", {{"shape", Sizes{4, 2, 3}}}, {{3}}) == "4x2x3");
  CHECK(
      inferred("expand", {{"shape", Sizes{3}}}, {{1, 3}}) ==
      "shape: 1x3 cannot be repeated to 3; counted from the last axis, each size of the input is that of the "
      "result, or 1");
  CHECK(inferred("concat_along", {{"along", int64_t{1}}}, {{2, 3}, {2, 4}, {2, 1}}) == "2x8");
  CHECK(inferred("concat_along", {{"along", int64_t{0}}}, {{2, 3}, {5, 3}}) == "7x3");
  CHECK(inferred("concat_along", {{"along", int64_t{0}}}, {{2, 3, 3}, {5, 3, 3}}) ==
        "along: the channels of maps and the features of vectors are joined by 'concat'");
  CHECK(inferred("concat_along", {{"along", int64_t{1}}}, {{2, 3}}) ==
        ": 'concat' wants at least two tensors; found 1; name the others: 'concat with NAME'");
}

TEST_CASE("two shapes are joined by numpy's broadcasting rule") {
  for (const std::string op : {"add", "multiply", "subtract", "divide", "maximum", "minimum"}) {
    CHECK(inferred(op, {}, {{5, 1}, {1, 7}}) == "5x7");
    CHECK(inferred(op, {}, {{7}, {5, 7}}) == "5x7");
    CHECK(inferred(op, {}, {{2, 1, 4}, {3, 1}}) == "2x3x4");
    CHECK(inferred(op, {}, {{1}, {2, 3, 4, 5, 6, 7}}) == "2x3x4x5x6x7");
    CHECK(inferred(op, {}, {{5, 2}, {5, 3}}).rfind(": '" + op + "' wants tensors of one shape", 0) == 0);
  }
  CHECK(inferred("add", {}, {{5, 1}, {1, 7}, {2, 1, 1}}) == "2x5x7");
  CHECK(inferred("add_constant", {{"shape", Sizes{5, 1}}}, {{7}}) == "5x7");
  CHECK(is_broadcastable({7}, {5, 7}));
  CHECK(!is_broadcastable({5, 7}, {7}));
  CHECK(!is_broadcastable({5, 7}, {1, 7}));
  CHECK(broadcast_source({3, 1, 2}, {4, 3, 5, 2}).strides == Sizes{0, 2, 0, 1});
}

TEST_CASE("arithmetic on tensors that are repeated has numpy's values") {
  const std::vector<float> x = {1, 2}, y = {10, 20, 40};
  const Shape column{2, 1}, row{3};
  CHECK(of_two("add", x, column, y, row) == Values{11, 21, 41, 12, 22, 42});
  CHECK(of_two("multiply", x, column, y, row) == Values{10, 20, 40, 20, 40, 80});
  CHECK(of_two("subtract", x, column, y, row) == Values{-9, -19, -39, -8, -18, -38});
  CHECK(of_two("divide", x, column, y, row) == Values{0.1, 0.05, 0.025, 0.2, 0.1, 0.05});
  CHECK(of_two("maximum", {1, 5}, {2}, {3, -4}, {2}) == Values{3, 5});
  CHECK(of_two("minimum", {1, 5}, {2}, {3, -4}, {2}) == Values{1, -4});
  CHECK(with_constant("add_constant", x, column, y, {3}) == Values{11, 21, 41, 12, 22, 42});
  CHECK(with_constant("subtract_constant", x, column, y, {3}) == Values{-9, -19, -39, -8, -18, -38});
  CHECK(with_constant("multiply_constant", y, row, x, {2, 1}) == Values{10, 20, 40, 20, 40, 80});
  CHECK(with_constant("divide_constant", y, row, {2, 5, 10}, {3}) == Values{5, 4, 4});
  CHECK(with_constant("maximum_constant", y, row, {15}, {1}) == Values{15, 20, 40});
  CHECK(with_constant("minimum_constant", y, row, {15}, {1}) == Values{10, 15, 15});
  CHECK(of_counted("affine", {{"factor", 2.0}, {"offset", -0.5}}, {3}) == Values{1.5, 3.5, 5.5});
}

TEST_CASE("reductions and products of matrices have numpy's values") {
  const std::vector<float> x = {1, -2, 3, 4, 5, -6};
  const Shape shape{2, 3};
  const auto reduced = [&](const std::string& op, const Sizes& axes) {
    std::mt19937 random(1);
    return run(make_node(op, {{"axes", axes}}, {shape}, random), {exact(x)}, {shape}).values;
  };
  CHECK(reduced("reduce_mean", {0}) == Values{2.5, 1.5, -1.5});
  check_close(reduced("reduce_mean", {1}), {2.0 / 3, 1});
  check_close(reduced("reduce_mean", {0, 1}), {5.0 / 6});
  CHECK(reduced("reduce_sum", {0}) == Values{5, 3, -3});
  CHECK(reduced("reduce_sum", {1}) == Values{2, 3});
  CHECK(reduced("reduce_max", {0}) == Values{4, 5, 3});
  CHECK(reduced("reduce_max", {1, 0}) == Values{5});
  CHECK(reduced("reduce_min", {1}) == Values{-2, -6});
  CHECK(reduced("reduce_min", {0}) == Values{1, -2, -6});
  CHECK(reduced("reduce_product", {0}) == Values{4, -10, -18});
  CHECK(reduced("reduce_product", {0, 1}) == Values{720});
  CHECK(inferred("reduce_sum", {{"axes", Sizes{2, 0}}}, {{2, 3, 4, 5}}) == "1x3x1x5");
  CHECK(of_two("matmul", x, shape, {2, 0, 1, -1, 3, 5}, {3, 2}) == Values{9, 17, -5, -35});
  CHECK(of_two("matmul", {1, 2, 3, 4, 5, 6, 7, 8}, {2, 2, 2}, {1, 2, 3, -1}, {2, 2}) ==
        Values{7, 0, 15, 2, 23, 4, 31, 6});
  CHECK(inferred("matmul", {}, {{5, 1, 2, 3}, {4, 3, 7}}) == "5x4x2x7");
}

TEST_CASE("elements at the places of a grid have PyTorch's values") {
  const std::vector<float> x = {1, -2, 3, 4, 5, -6, 7, 8, 9, 10, 11, 12, -13, 14, 15};
  const std::vector<float> grid = {-0.875f, -0.625f, 0.25f, 0.25f, 1.375f, -0.25f, -1.75f, 2.25f};
  const auto sampled = [&](const char* mode, const char* padding_mode, bool align_corners) {
    return of_two("grid_sample", x, {1, 3, 5}, grid, {2, 2, 2},
                  {{"mode", std::string(mode)},
                   {"padding_mode", std::string(padding_mode)},
                   {"align_corners", align_corners}});
  };
  check_close(sampled("bilinear", "zeros", false), {0.45703125, 6.84375, 0, 0});
  check_close(sampled("bilinear", "zeros", true), {-0.875, 6.5, 2.1875, 0});
  check_close(sampled("bilinear", "border", false), {0.5625, 6.84375, 8.125, 11});
  check_close(sampled("bilinear", "border", true), {-0.875, 6.5, 8.75, 11});
  check_close(sampled("bilinear", "reflection", false), {0.5625, 6.84375, 7.6875, 4.5625});
  check_close(sampled("bilinear", "reflection", true), {-0.875, 6.5, 8, 5.75});
  CHECK(sampled("nearest", "zeros", false) == Values{1, 9, 0, 0});
  CHECK(sampled("nearest", "border", false) == Values{1, 9, 10, 11});
  CHECK(sampled("nearest", "reflection", false) == Values{1, 9, 10, 7});
  const std::vector<float> volume = {1, 2, 3, 4, 5, 6, 7, 8};
  const std::vector<float> places = {0.25f, -0.375f, 0.75f, -1.25f, 0.125f, 0.25f};
  check_close(of_two("grid_sample", volume, {1, 2, 2, 2}, places, {1, 1, 2, 3}), {4.5, 1.3125});
  CHECK(inferred("grid_sample", {}, {{7, 2, 3}, {4, 5, 2}}) == "7x4x5");
  CHECK(inferred("grid_sample_constant", {{"shape", Sizes{4, 1}}}, {{7, 9}}) == "7x4");
}

TEST_CASE("a place that may be one of two elements has a bound of their distance, or that of the slope") {
  const auto bound = [](const char* mode, double error) {
    std::mt19937 random(1);
    Node node = make_node("grid_sample", {{"mode", std::string(mode)}}, {{1, 3}, {1, 1}}, random);
    const Reference x = exact({1, 5, 7});
    const Reference grid{{-0.3333}, {error}};  // the middle between the first two, nearly
    return run(node, {x, grid}, {{1, 3}, {1, 1}}).bounds.at(0);
  };
  CHECK(bound("nearest", 0) == 0);
  CHECK(bound("nearest", 0.01) == 4);
  CHECK(bound("bilinear", 0.01) > 0.06);  // 4 times 0.015 of an element
  CHECK(bound("bilinear", 0.01) < 0.061);
  CHECK(std::isinf(bound("bilinear", 2)));
}

TEST_CASE("normalisations have PyTorch's values") {
  const std::vector<float> x = {1, -2, 3, 4, 5, -6, 2, 8};
  const Shape shape{2, 2, 2};
  const auto norm = [&](const std::string& op, const Attributes& attributes) {
    std::mt19937 random(1);
    Node node = make_node(op, attributes, {shape}, random);
    set_parameter(node, "weight", {1, 2});
    set_parameter(node, "bias", {0.5f, -1});
    return run(node, {exact(x)}, {shape}).values;
  };
  check_close(norm("layernorm", {{"axes", Sizes{0}}}),
              {-0.49999875000238, 1.4999987500024, 1.4999800006005, -0.49999875000238, 0.99999750000475,
               -2.9999975000048, -2.999960001201, 0.99999750000475});
  check_close(norm("instancenorm", {{"eps", 0.5}, {"bias", false}}),
              {-0.20851441405707, -1.4596008983995, 0.62554324217122, 1.0425720702854, 1.0452515439203,
               -3.1357546317608, -0.095022867629116, 2.1855259554697});
  check_close(norm("groupnorm", {{"groups", int64_t{1}}}),
              {0.28366610659384, -0.45805009937016, 0.7781435772365, 1.0253823125578, 0.54524209575832,
               -4.894010081311, -0.93819031616967, 2.0286745076863});
  check_close(norm("rmsnorm", {{"axes", Sizes{2}}, {"affine", false}}),
              {0.63245426712644, -1.2649085342529, 0.84852779801281, 1.1313703973504, 0.90535731200597,
               -1.0864287744072, 0.34299711984427, 1.3719884793771});
  check_close(norm("l2norm", {{"axes", Sizes{0}}}),
              {0.19611613513818, -0.31622776601684, 0.83205029433784, 0.44721359549996, 0.98058067569092,
               -0.94868329805051, 0.55470019622523, 0.89442719099992});
  const auto weight = [](const std::string& op, const Attributes& attributes, const Shape& input) {
    std::mt19937 random(1);
    return to_string(make_node(op, attributes, {input}, random).parameters.at(0).shape);
  };
  CHECK(weight("layernorm", {{"axes", Sizes{3, 1}}}, {2, 3, 4, 5}) == "3x5");
  CHECK(weight("groupnorm", {{"groups", int64_t{2}}}, {6, 4, 5}) == "6");
  CHECK(weight("instancenorm", {}, {6, 4, 5}) == "6");
}

TEST_CASE("of a length that is less than eps l2norm takes eps") {
  std::mt19937 random(1);
  const Node node = make_node("l2norm", {{"axes", Sizes{0}}, {"eps", 0.5}}, {{2}}, random);
  check_close(run(node, {exact({0.0f, 0.25f})}, {{2}}).values, {0, 0.5});
}

TEST_CASE("the greatest and the least of what has a NaN is none, wherever it stands") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const char* op : {"reduce_max", "reduce_min"})
    for (size_t place = 0; place < 3; ++place) {
      std::vector<float> x = {1, -2, 3};
      x[place] = nan;
      std::mt19937 random(1);
      const Node node = make_node(op, {{"axes", Sizes{0}}}, {{3}}, random);
      CHECK(std::isnan(run(node, {exact(x)}, {{3}}).values.at(0)));
    }
}

TEST_CASE(
    "places of the greatest and the least elements are numpy's, and open where an error may move them") {
  std::mt19937 random(1);
  const auto of = [&](const std::string& op, int64_t axis, const Reference& x, const Shape& shape) {
    return run(make_node(op, {{"axis", axis}}, {shape}, random), {x}, {shape});
  };
  const Reference x = exact({3, 1, 4, 1, 5, 9, 2, 6, 5});
  CHECK(of("argmax", 0, x, {3, 3}).values == Values{0, 2, 1});
  CHECK(of("argmax", 1, x, {3, 3}).values == Values{2, 2, 1});
  CHECK(of("argmin", 1, x, {3, 3}).values == Values{1, 0, 0});
  CHECK(of("argmin", 0, x, {9}).values == Values{1});  // of two the first
  CHECK(of("argmax", 0, x, {9}).bounds == Values{0});
  CHECK(of("argmax", 1, exact({7, 7, 7, 7}), {2, 2}).values == Values{0, 0});
  const Reference near{{1, 2, 5, 4.8}, {0.1, 0.1, 0.1, 0.15}};
  CHECK(of("argmax", 0, near, {4}).bounds == Values{1});
  CHECK(of("argmin", 0, near, {4}).bounds == Values{0});
  const float nan = std::numeric_limits<float>::quiet_NaN();
  CHECK(of("argmax", 0, exact({1, 2, nan}), {3}).values == Values{0});
  CHECK(inferred("argmax", {{"axis", int64_t{1}}}, {{2, 3, 4}}) == "2x1x4");
  const Reference whole =
      run(make_node("int32", {}, {{4}}, random), {{{-1.5, 2.9, 3e9, 2}, {0, 0, 0, 0.1}}}, {{4}});
  CHECK(whole.values == Values{-1, 2, 3e9, 2});
  CHECK(whole.bounds == Values{0, 0, INFINITY, 1});
}

TEST_CASE("infinities have numpy's values, and where no error can change what they make, a bound of 0") {
  constexpr float inf = INFINITY;
  std::mt19937 random(1);
  const auto of = [&](const char* op, const std::vector<float>& x, Attributes a = {}) {
    return run(make_node(op, std::move(a), {{3}}, random), {exact(x)}, {{3}});
  };
  const auto is_exactly = [](const Reference& r, const Values& expected) {
    for (size_t i = 0; i < expected.size(); ++i) {
      const bool is_same = r.values[i] == expected[i] || (std::isnan(r.values[i]) && std::isnan(expected[i]));
      if (!is_same || (!std::isfinite(expected[i]) && r.bounds[i] != 0)) return false;
    }
    return true;
  };
  const double nan = std::numeric_limits<double>::quiet_NaN(), e = std::exp(1.0);
  const Reference p = of("softmax", {1, -inf, 0}, {{"along", int64_t{0}}});
  check_close(p.values, {e / (1 + e), 0, 1 / (1 + e)});
  CHECK(p.bounds[1] == 0);
  CHECK((p.bounds[0] > 0 && p.bounds[0] < 1e-6));
  CHECK(is_exactly(of("softmax", {-inf, -inf, -inf}, {{"along", int64_t{0}}}), {nan, nan, nan}));
  CHECK(is_exactly(of("softmax", {inf, 0, 1}, {{"along", int64_t{0}}}), {nan, nan, nan}));
  const Reference log_p = of("log_softmax", {0, -inf, 0}, {{"along", int64_t{0}}});
  CHECK(is_exactly({{log_p.values[1]}, {log_p.bounds[1]}}, {-inf}));
  CHECK(log_p.bounds[0] < 1e-6);
  CHECK(is_exactly(of("reduce_sum", {1, -inf, 2}, {{"axes", Sizes{0}}}), {-inf}));
  CHECK(is_exactly(of("reduce_mean", {1, inf, -inf}, {{"axes", Sizes{0}}}), {nan}));
  CHECK(is_exactly(of("affine", {1, inf, -inf}, {{"factor", -2.0}, {"offset", 1.0}}), {-1, -inf, inf}));
  const auto with = [&](const char* op, std::vector<float> constant, const Reference& x) {
    Node node = make_node(op, {{"shape", Sizes{3}}}, {{3}}, random);
    set_parameter(node, "value", std::move(constant));
    return run(node, {x}, {{3}});
  };
  const Reference x{{1, 2, 0.5}, {0.1, 0.1, 1}};
  CHECK(is_exactly(with("add_constant", {inf, -inf, inf}, x), {inf, -inf, inf}));
  const Reference product = with("multiply_constant", {inf, -inf, inf}, x);
  CHECK(product.bounds == Values{0, 0, inf});  // the last factor may be 0, and 0 times infinity is no number
  check_close(with("divide_constant", {inf, -inf, 2}, x).values, {0, 0, 0.25});
}

TEST_CASE("what layers make of infinities is open where they cannot say it") {
  std::mt19937 random(1);
  Graph graph;
  Node input;
  input.name = "x";
  input.op = "input";
  input.shape = Shape{3};
  graph.nodes = {input, make_node("dense", {{"features", int64_t{2}}, {"bias", false}}, {{3}}, random)};
  graph.nodes[1].name = "y";
  graph.nodes[1].inputs = {0};
  graph.inputs = {0};
  const Reference y = evaluate(graph, {{1, -INFINITY, 2}}).back();
  CHECK(y.bounds == Values(2, INFINITY));
}

TEST_CASE("a softmax along an axis and a concat along one have numpy's values") {
  const Shape shape{2, 3, 2};
  const auto along = [&](const std::string& op, int64_t axis) {
    std::mt19937 random(1);
    Reference x = counted(12);
    for (double& v : x.values) v /= 4;
    return run(make_node(op, {{"along", axis}}, {shape}, random), {x}, {shape}).values;
  };
  const double a = 0.186323723226, b = 0.307195885718, c = 0.506480391056;
  const Values softmax = {a, a, b, b, c, c, a, a, b, b, c, c}, found = along("softmax", 1);
  for (size_t i = 0; i < softmax.size(); ++i) CHECK(found[i] == doctest::Approx(softmax[i]).epsilon(1e-9));
  const Values log_softmax = along("log_softmax", 1);
  for (size_t i = 0; i < softmax.size(); ++i)
    CHECK(log_softmax[i] == doctest::Approx(std::log(softmax[i])).epsilon(1e-9));
  CHECK(of_two("concat_along", {1, 2, 7, 8}, {2, 1, 2}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, shape,
               {{"along", int64_t{1}}}) == Values{1, 2, 1, 2, 3, 4, 5, 6, 7, 8, 7, 8, 9, 10, 11, 12});
}

namespace {

// Over some rounds the worst of a float evaluation of two tensors of 100 elements that are near each other.
double worst_of_two(const std::string& op, const std::function<float(float, float)>& f) {
  std::mt19937 random(3);
  double ratio = 0;
  for (int round = 0; round < 20; ++round) {
    const auto x = random_floats(100, random), y = random_floats(100, random, 0.1f);
    std::vector<float> z;
    for (size_t i = 0; i < x.size(); ++i) z.push_back(f(x[i], y[i]));
    ratio = std::max(ratio, worst(z, run(make_node(op, {}, {{100}, {100}}, random), {exact(x), exact(y)},
                                         {{100}, {100}})));
  }
  return ratio;
}

double worst_reduction(const std::string& op, float start, const std::function<float(float, float)>& f,
                       float factor = 1) {
  std::mt19937 random(3);
  double ratio = 0;
  for (int round = 0; round < 50; ++round) {
    const auto x = random_floats(60, random, 0.5f, 1.5f);
    const float all = std::accumulate(x.begin(), x.end(), start, f) * factor;
    ratio = std::max(ratio, worst({all}, run(make_node(op, {{"axes", Sizes{0, 1}}}, {{6, 10}}, random),
                                             {exact(x)}, {{6, 10}})));
  }
  return ratio;
}

}  // namespace

TEST_CASE("float arithmetic on two tensors stays within its bound, and uses a fair part of it") {
  for (const auto& [op, f] : std::vector<std::pair<std::string, std::function<float(float, float)>>>{
           {"subtract", [](float x, float y) { return x - y; }},
           {"divide", [](float x, float y) { return x / y; }},
           {"add", [](float x, float y) { return x + y; }},
           {"multiply", [](float x, float y) { return x * y; }}}) {
    CAPTURE(op);
    const double ratio = worst_of_two(op, f);
    CHECK(ratio <= 1);
    CHECK(ratio > 0.1);
  }
}

TEST_CASE("a float reduction stays within its bound, and uses a fair part of it") {
  const auto sum = [](float x, float y) { return x + y; };
  const auto product = [](float x, float y) { return x * y; };
  for (const double ratio :
       {worst_reduction("reduce_sum", 0, sum), worst_reduction("reduce_mean", 0, sum, 1.0f / 60),
        worst_reduction("reduce_product", 1, product)}) {
    CHECK(ratio <= 1);
    CHECK(ratio > 1.0 / 200);
  }
}

TEST_CASE("a float product of matrices stays within its bound, and uses a fair part of it") {
  std::mt19937 random(3);
  double ratio = 0;
  for (int round = 0; round < 20; ++round) {
    const auto x = random_floats(50, random), y = random_floats(50, random);
    float dot = 0;
    for (size_t i = 0; i < x.size(); ++i) dot += x[i] * y[i];
    ratio = std::max(ratio, worst({dot}, run(make_node("matmul", {}, {{1, 50}, {50, 1}}, random),
                                             {exact(x), exact(y)}, {{1, 50}, {50, 1}})));
  }
  CHECK(ratio <= 1);
  CHECK(ratio > 1.0 / 200);
}

TEST_CASE("the bounds of operators on tensors hold for inputs that have errors") {
  for (const std::string op : {"add", "multiply", "subtract", "divide", "maximum", "minimum"}) {
    check_inherited(op, {}, {{4, 5}, {4, 5}});
    check_inherited(op, {}, {{4, 1}, {5}});
  }
  for (const std::string op : {"reduce_mean", "reduce_sum", "reduce_max", "reduce_min", "reduce_product"})
    check_inherited(op, {{"axes", Sizes{1}}}, {{3, 6, 2}});
  check_inherited("matmul", {}, {{3, 4}, {4, 2}});
  for (const char* padding_mode : {"zeros", "border", "reflection"})
    for (const char* mode : {"bilinear", "nearest"})
      check_inherited("grid_sample",
                      {{"mode", std::string(mode)}, {"padding_mode", std::string(padding_mode)}},
                      {{2, 4, 5}, {3, 3, 2}});
  for (const std::string op : {"layernorm", "rmsnorm", "l2norm"})
    check_inherited(op, {{"axes", Sizes{1}}}, {{3, 6, 2}});
  check_inherited("instancenorm", {}, {{3, 6, 2}});
  check_inherited("groupnorm", {{"groups", int64_t{2}}}, {{4, 6, 2}});
  check_inherited("affine", {{"factor", -3.0}, {"offset", 1.0}}, {{7}});
  check_inherited("softmax", {{"along", int64_t{1}}}, {{3, 4, 2}});
  check_inherited("permute", {{"order", Sizes{1, 0}}}, {{3, 4}});
  check_inherited("pad_along", {{"axis", int64_t{1}}, {"before", int64_t{1}}, {"after", int64_t{1}}},
                  {{3, 4}});
  check_inherited("tile", {{"repeats", Sizes{1, 2}}}, {{3, 4}});
  for (const std::string op : {"add_constant", "subtract_constant", "multiply_constant", "maximum_constant"})
    check_inherited(op, {{"shape", Sizes{4, 1}}}, {{3, 4, 2}});
}

TEST_CASE("a float product that leaves the range of float stays within its bound") {
  std::mt19937 random(1);
  const Node node = make_node("reduce_product", {{"axes", Sizes{0}}}, {{4}}, random);
  const Reference small = run(node, {exact({1e-30f, 1e-30f, 1e30f, 1.0f})}, {{4}});
  CHECK(small.bounds[0] >= small.values[0]);  // 1e-60 is 0
  CHECK(std::isinf(run(node, {exact({1e30f, 1e30f, 1e-40f, 1.0f})}, {{4}}).bounds[0]));
}

TEST_CASE("of a quotient whose divisor may be zero nothing is known") {
  std::mt19937 random(1);
  const Node node = make_node("divide", {}, {{1}, {1}}, random);
  Reference x = exact({1.0f}), y = exact({0.5f});
  y.bounds[0] = 0.5;
  CHECK(std::isinf(run(node, {x, y}, {{1}, {1}}).bounds[0]));
}
