// Convolutions and pools of channels x depth x height x width: PyTorch's values, shapes, errors and bounds.
#include <doctest/doctest.h>

#include <numeric>

#include "bounds_fixture.h"
#include "ops_fixture.h"

using namespace cnnc;
using namespace cnnc::testing;

namespace {

using Values = std::vector<double>;

std::vector<float> counted(int64_t n) {
  std::vector<float> values(static_cast<size_t>(n));
  std::iota(values.begin(), values.end(), 1.0f);
  return values;
}

// 0, 1, … less `half`, again from there after `period`.
std::vector<float> sawtooth(int64_t n, int period, int half) {
  std::vector<float> values;
  for (int64_t i = 0; i < n; ++i) values.push_back(static_cast<float>(i % period - half));
  return values;
}

// The layer on 1, 2, 3, …
Values of_counted(const std::string& op, const Attributes& a, const Shape& shape,
                  std::vector<float> weight = {}, std::vector<float> bias = {}) {
  std::mt19937 random(1);
  Node node = make_node(op, a, {shape}, random);
  set_parameter(node, "weight", std::move(weight));
  set_parameter(node, "bias", std::move(bias));
  return run(node, {exact(counted(shape.elements()))}, {shape}).values;
}

}  // namespace

TEST_CASE("conv3d has the values of torch.nn.functional.conv3d") {
  Attributes a = {{"channels", int64_t{2}},
                  {"filter", Sizes{2, 2, 3}},
                  {"stride", Sizes{1, 2, 1}},
                  {"pad", Sizes{1, 0, 1}},
                  {"dilation", Sizes{2, 1, 1}}};
  CHECK(of_counted("conv3d", a, {2, 3, 3, 4}, sawtooth(48, 7, 3), {0.5f, -1}) ==
        Values{39.5, -50.5, -52.5, -143.5, -15.5, -117.5, -123.5, -120.5, -42.5, -90.5, -94.5, 35.5,
               23,   -102,  -103,  -119,   184,   19,     22,     -105,   172,   180,   184,   25});
  std::vector<float> weight = sawtooth(48, 7, 3);  // the first input channel of each filter
  weight.erase(weight.begin() + 36, weight.end());
  weight.erase(weight.begin() + 12, weight.begin() + 24);
  a = {{"channels", int64_t{2}}, {"filter", Sizes{2, 2, 3}}, {"stride", Sizes{2}},
       {"pad", Sizes{0, 1, 1}},  {"groups", int64_t{2}},     {"bias", false}};
  CHECK(of_counted("conv3d", a, {2, 3, 3, 4}, weight) == Values{19, 13, -52, -46, -190, 14, -51, 147});
}

TEST_CASE("upconv3d has the values of torch.nn.functional.conv_transpose3d") {
  const Attributes a = {{"channels", int64_t{1}},
                        {"filter", Sizes{2, 3, 2}},
                        {"stride", Sizes{2, 1, 2}},
                        {"pad", Sizes{1, 1, 0}},
                        {"output_pad", Sizes{1, 0, 1}}};
  CHECK(of_counted("upconv3d", a, {2, 2, 2, 2}, sawtooth(24, 5, 2), {0.5f}) ==
        Values{-8.5,  15.5,  -9.5,  18.5,  0.5, -20.5, 3.5,   -23.5, 4.5,   0.5,
               12.5,  -12.5, 12.5,  -13.5, 0.5, 27.5,  -32.5, 30.5,  -35.5, 0.5,
               -12.5, 27.5,  -13.5, 30.5,  0.5, -32.5, 7.5,   -35.5, 8.5,   0.5});
}

TEST_CASE("pools of volumes have PyTorch's values") {
  const Shape cube{1, 3, 3, 3};
  CHECK(of_counted("maxpool3d", {{"filter", Sizes{2}}, {"stride", Sizes{2}}, {"pad", Sizes{1}}}, cube) ==
        Values{1, 3, 7, 9, 19, 21, 25, 27});
  CHECK(of_counted("maxpool3d", {{"filter", Sizes{2, 2, 1}}, {"ceil", true}}, cube) ==
        Values{13, 14, 15, 16, 17, 18, 22, 23, 24, 25, 26, 27});
  CHECK(of_counted("avgpool3d",
                   {{"filter", Sizes{2}}, {"stride", Sizes{2}}, {"pad", Sizes{1}}, {"include_pad", false}},
                   cube) == Values{1, 2.5, 5.5, 7, 14.5, 16, 19, 20.5});
  const Values means = of_counted(
      "avgpool3d", {{"filter", Sizes{2, 1, 3}}, {"stride", Sizes{3, 2, 1}}, {"pad", Sizes{1, 0, 1}}}, cube);
  const Values expected = {0.5, 1, 5 / 6.0, 2.5, 4, 17 / 6.0, 6.5, 10, 41 / 6.0, 8.5, 13, 53 / 6.0};
  REQUIRE(means.size() == expected.size());
  for (size_t i = 0; i < means.size(); ++i) CHECK(means[i] == doctest::Approx(expected[i]));
}

TEST_CASE("shapes of layers of volumes, and what they do not take") {
  const auto conv = [](Attributes a, Shape shape = {4, 5, 6, 7}) {
    a.emplace("channels", int64_t{8});
    return inferred("conv3d", a, {std::move(shape)});
  };
  CHECK(conv({{"filter", Sizes{3}}, {"pad", Sizes{1}}}) == "8x5x6x7");
  CHECK(conv({{"filter", Sizes{3, 1, 1}}, {"stride", Sizes{2}}}) == "8x2x3x4");
  CHECK(conv({{"filter", Sizes{2}}, {"pad", Sizes{1, 0, 2, 0, 0, 3}}}) == "8x5x7x9");
  CHECK(conv({{"filter", Sizes{3}}}, {4, 5, 6}) ==
        ": 'conv3d' wants channels x depth x height x width; its input is a map of 4x5x6; 'reshape' gives a "
        "tensor four sizes");
  CHECK(conv({{"filter", Sizes{3, 3}}}) ==
        "filter: 'filter' has 2 sizes; write one size, or three: depth x height x width");
  CHECK(conv({{"filter", Sizes{3}}, {"pad", Sizes{1, 1}}}) ==
        "pad: 'pad' has 2 sizes; write one size, three (depth x height x width), or six: front, back, top, "
        "bottom, left and right");
  CHECK(conv({{"filter", Sizes{7, 1, 1}}}) ==
        "filter: a filter that spans 7 slices needs as many; the input has 5 and padding adds 0; make the "
        "filter smaller, or pad by more");
  CHECK(conv({{"filter", Sizes{1}}, {"groups", int64_t{3}}}).rfind("groups: ", 0) == 0);
  CHECK(inferred(
            "upconv3d",
            {{"channels", int64_t{3}}, {"filter", Sizes{2}}, {"stride", Sizes{2}}, {"output_pad", Sizes{1}}},
            {{4, 5, 6, 7}}) == "3x11x13x15");
  CHECK(
      inferred("upconv3d", {{"channels", int64_t{3}}, {"filter", Sizes{2}}, {"output_pad", Sizes{1}}},
               {{4, 5, 6, 7}}) ==
      "output_pad: 'output_pad' must be less than the stride or the dilation, here 1; found 1; it adds what "
      "a stride leaves over: at most the stride - 1");
  CHECK(
      inferred("upconv3d", {{"channels", int64_t{3}}, {"filter", Sizes{2}}, {"pad", Sizes{3}}},
               {{4, 5, 6, 7}}) ==
      "pad: padding of 3 and 3 takes all 6 slices of the result; pad by less: each side of padding cuts off "
      "so much of the result");
  CHECK(inferred("maxpool3d", {{"filter", Sizes{2}}}, {{4, 5, 6, 7}}) == "4x2x3x3");
  CHECK(inferred("avgpool3d", {{"filter", Sizes{2}}, {"ceil", true}}, {{4, 5, 6, 7}}) == "4x3x3x4");
  CHECK(
      inferred("maxpool3d", {{"filter", Sizes{2}}, {"pad", Sizes{2}}}, {{4, 5, 6, 7}}) ==
      "pad: a window would lie on padding alone: 2 of padding, and a window spans 2, its taps 1 apart on an "
      "input of 5; pad by less than the filter's size, and dilate by less than the input's");
  CHECK(inferred("batchnorm", {}, {{4, 5, 6, 7}}) == "4x5x6x7");
}

TEST_CASE("layers of volumes whose parts would be too large, or too many, are refused") {
  const auto of = [](const std::string& op, Attributes a, Shape shape) {
    if (op != "maxpool3d") a.emplace("channels", int64_t{2});
    return inferred(op, a, {std::move(shape)});
  };
  CHECK(of("conv3d", {{"filter", Sizes{64, 3, 3}}, {"pad", Sizes{32, 1, 1}}}, {64, 256, 128, 128}) ==
        "filter: what its slices see of 64x64x257x130x128 would have 17516462080 elements; the limit is "
        "2147483648");
  CHECK(of("conv3d", {{"filter", Sizes{129, 1, 2}}}, {1, 129, 1, 2}) ==
        "filter: a filter has at most 128 slices, unless each is a single element and moves by one row and "
        "one column; found 129; take a filter of fewer slices, or two layers");
  CHECK(of("conv3d", {{"filter", Sizes{128, 1, 2}}}, {1, 128, 1, 2}) == "2x1x1x1");
  CHECK(of("conv3d", {{"filter", Sizes{129, 1, 1}}}, {1, 129, 1, 2}) == "2x1x1x2");
  CHECK(of("upconv3d", {{"filter", Sizes{129, 1, 1}}}, {1, 1, 1, 1}) ==
        "filter: a filter has at most 128 slices; found 129; take a filter of fewer slices, or two layers");
  CHECK(of("maxpool3d",
           {{"filter", Sizes{1048576, 1000, 1000}}, {"stride", Sizes{1}}, {"pad", Sizes{0, 999, 999}}},
           {1, 1048576, 1, 1}) ==
        "filter: what is taken of each slice of 1x1048576x1000x1000 would have 1048576000000 elements; the "
        "limit is 2147483648");
}

TEST_CASE("a float convolution of volumes stays within its bound, and uses a fair part of it") {
  std::mt19937 random(3);
  const Shape shape{3, 4, 4, 4};
  const Attributes a = {{"channels", int64_t{1}}, {"filter", Sizes{4}}};
  double ratio = 0;
  for (int round = 0; round < 20; ++round) {
    const Node node = make_node("conv3d", a, {shape}, random);
    const auto x = random_floats(shape.elements(), random);
    const auto& weight = *find_parameter(node, "weight")->values;
    float sum = (*find_parameter(node, "bias")->values)[0];
    for (size_t i = 0; i < x.size(); ++i) sum += x[i] * weight[i];
    ratio = std::max(ratio, worst({sum}, run(node, {exact(x)}, {shape})));
  }
  CHECK(ratio <= 1);
  CHECK(ratio > 1.0 / 400);
}

TEST_CASE("the bounds of layers of volumes hold for inputs that have errors") {
  const Shape shape{2, 3, 4, 3};
  check_inherited("conv3d", {{"channels", int64_t{2}}, {"filter", Sizes{2}}, {"pad", Sizes{1}}}, {shape});
  check_inherited("upconv3d", {{"channels", int64_t{2}}, {"filter", Sizes{2}}, {"stride", Sizes{2}}},
                  {shape});
  check_inherited("maxpool3d", {{"filter", Sizes{2}}, {"stride", Sizes{1}}}, {shape});
  check_inherited("avgpool3d", {{"filter", Sizes{2}}, {"stride", Sizes{1}}, {"pad", Sizes{1}}}, {shape});
  check_inherited("batchnorm", {}, {shape});
}
