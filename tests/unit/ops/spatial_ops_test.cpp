// Operators that change a map's height and width, and lrn: shapes, formulas, values and bounds. The expected
// values are those that PyTorch 1.13 computes for the functions named beside them.
#include <doctest/doctest.h>

#include <cmath>

#include "ops/reference.h"
#include "unit/ops/ops_fixture.h"

using namespace cnnc;
using namespace cnnc::testing;

namespace {

using Values = std::vector<double>;

// Of an operator without parameters.
Values values_of_op(const std::string& op, const Attributes& a, const Shape& shape,
                    const std::vector<float>& x) {
  std::mt19937 random(1);
  return run(make_node(op, a, {shape}, random), {exact(x)}, {shape}).values;
}

void check_close(const Values& found, const Values& expected) {
  REQUIRE(found.size() == expected.size());
  for (size_t i = 0; i < found.size(); ++i) {
    INFO(i);
    CHECK(std::fabs(found[i] - expected[i]) <= 1e-6 * std::max(1.0, std::fabs(expected[i])));
  }
}

std::string formula(const std::string& name, Attributes a, const Shape& input) {
  const Operator& op = *find_operator(name);
  a = with_defaults(op, a);
  return op.formula(a, {input}, std::get<Shape>(op.infer(a, {input})));
}

Attributes upconv(int64_t channels, Sizes filter, Attributes more = {}) {
  more.insert({{"channels", channels}, {"filter", std::move(filter)}});
  return more;
}

const Shape kMap{1, 3, 5};
const std::vector<float> kValues = {1, -2, 3, 4, 5, -6, 7, 8, 9, 10, 11, 12, -13, 14, 15};
const std::string kBilinear = "bilinear";

}  // namespace

TEST_CASE("ceil adds a window that begins on the input or the padding before it") {
  const auto pool = [](Sizes filter, Sizes stride, int64_t pad, const Shape& input) {
    return inferred(
        "maxpool",
        {{"filter", filter}, {"stride", stride}, {"pad", Sizes{pad, pad, pad, pad}}, {"ceil", true}},
        {input});
  };
  CHECK(pool({3, 3}, {2, 2}, 0, {64, 112, 112}) == "64x56x56");
  CHECK(pool({2, 2}, {2, 2}, 0, {4, 3, 4}) == "4x2x2");
  CHECK(pool({2, 2}, {3, 3}, 1, {4, 3, 5}) == "4x2x2");  // a third column would begin behind the input
  CHECK(pool({3, 3}, {2, 2}, 0, {4, 2, 5}) == "4x1x2");  // reaches beyond the input
  CHECK(pool({4, 4}, {2, 2}, 0, {4, 2, 5}) ==
        "filter: a filter of 4x4 needs at least 3 rows; the input has 2 and padding adds 0; "
        "make the filter smaller or add 1 to the padding on each side");
  Attributes same = {{"filter", Sizes{3, 3}}, {"stride", Sizes{2, 2}}, {"pad", std::string("same")}};
  CHECK(inferred("maxpool", same, {{4, 6, 7}}) == "4x3x4");
  same["ceil"] = true;
  CHECK(inferred("maxpool", same, {{4, 6, 7}}) == "4x3x4");
}

TEST_CASE("pools with ceil see what is on the input") {
  const auto maxpool = [](int64_t filter, int64_t stride, int64_t pad) {
    return values_of_op("maxpool",
                        {{"filter", Sizes{filter, filter}},
                         {"stride", Sizes{stride, stride}},
                         {"pad", Sizes{pad, pad, pad, pad}},
                         {"ceil", true}},
                        kMap, kValues);
  };
  check_close(maxpool(2, 2, 0), {7, 9, 10, 12, 14, 15});  // max_pool2d
  check_close(maxpool(3, 2, 1), {7, 9, 10, 12, 14, 15});
  check_close(maxpool(2, 3, 1), {1, 4, 11, 14});
}

TEST_CASE("an average counts padding if it is to be included, and never what is beyond it") {
  const auto avgpool = [](int64_t filter, int64_t stride, int64_t pad, bool ceil, bool include_pad) {
    return values_of_op("avgpool",
                        {{"filter", Sizes{filter, filter}},
                         {"stride", Sizes{stride, stride}},
                         {"pad", Sizes{pad, pad, pad, pad}},
                         {"ceil", ceil},
                         {"include_pad", include_pad}},
                        kMap, kValues);
  };
  check_close(avgpool(2, 2, 0, true, true), {0, 6, 7.5, 11.5, 0.5, 15});  // avg_pool2d
  check_close(avgpool(3, 3, 1, true, true), {0, 4.333333492, 3.833333254, 2.666666746});
  check_close(avgpool(3, 3, 1, true, false), {0, 6.5, 11.5, 5.333333492});
  check_close(avgpool(3, 2, 1, false, true),
              {0, 3.222222328, 3.111111164, 2.666666746, 4.111111164, 5.333333492});
  check_close(avgpool(3, 2, 1, false, false), {0, 4.833333492, 7, 6, 6.166666508, 12});
}

TEST_CASE("an adaptive pool has the size that is asked for, larger than its input too") {
  CHECK(inferred("adaptive_avgpool", {{"size", Sizes{6, 6}}}, {{256, 13, 13}}) == "256x6x6");
  const auto adaptive = [](const std::string& op, Sizes size) {
    return values_of_op(op, {{"size", std::move(size)}}, kMap, kValues);
  };
  check_close(adaptive("adaptive_avgpool", {2, 3}), {0, 4.833333492, 7, 6, 6.166666508, 12});
  check_close(adaptive("adaptive_maxpool", {2, 3}), {7, 9, 10, 12, 14, 15});  // adaptive_max_pool2d
  check_close(adaptive("adaptive_avgpool", {4, 7}),
              {1,   -0.5, 0.5, 3,    3.5, 4.5, 5,    -2.5, 0,    4,    5.5, 6,   7,    7.5,
               2.5, 6,    3.5, -2.5, 4.5, 12,  12.5, 11,   11.5, -0.5, -13, 0.5, 14.5, 15});
}

TEST_CASE("lrn divides by a power of its neighbours in other channels") {
  const auto lrn = [](int64_t size, double beta, double k) {
    return values_of_op("lrn", {{"size", size}, {"alpha", 0.5}, {"beta", beta}, {"k", k}}, {4, 1, 2},
                        {1, -2, 3, 4, 5, -6, 7, 8});
  };
  check_close(lrn(3, 0.75, 2), {0.377395242, -0.56987679, 0.640709698, 0.647577465, 0.629927754, -0.604445577,
                                0.950249493, 0.890819907});  // local_response_norm
  check_close(lrn(2, 0.6, 1), {0.874689639, -1.319507957, 1.414752364, 1.365115047, 1.29519701, -1.231613517,
                               1.177815557, 1.132676721});
  check_close(lrn(9, 1, 1), {0.176470593, -0.260869563, 0.529411793, 0.521739125, 0.882352948, -0.782608688,
                             1.235294104, 1.043478251});
}

TEST_CASE("upsample and resize follow PyTorch's coordinates") {
  const Shape shape{1, 2, 3};
  const std::vector<float> x = {1, 2, 3, 4, 5, 6};
  CHECK(inferred("upsample", {{"factor", Sizes{2, 3}}}, {{4, 5, 6}}) == "4x10x18");
  CHECK(inferred("resize", {{"size", Sizes{2, 3}}}, {{4, 5, 6}}) == "4x2x3");
  check_close(values_of_op("upsample", {{"factor", Sizes{2, 3}}}, shape, x),  // interpolate
              {1, 1, 1, 2, 2, 2, 3, 3, 3, 1, 1, 1, 2, 2, 2, 3, 3, 3,
               4, 4, 4, 5, 5, 5, 6, 6, 6, 4, 4, 4, 5, 5, 5, 6, 6, 6});
  check_close(values_of_op("resize", {{"size", Sizes{3, 5}}}, shape, x),
              {1, 1, 2, 2, 3, 1, 1, 2, 2, 3, 4, 4, 5, 5, 6});
  check_close(values_of_op("upsample", {{"factor", Sizes{2, 2}}, {"mode", kBilinear}}, shape, x),
              {1,    1.25, 1.75, 2.25, 2.75, 3,    1.75, 2,    2.5,  3,    3.5,  3.75,
               3.25, 3.5,  4,    4.5,  5,    5.25, 4,    4.25, 4.75, 5.25, 5.75, 6});
  const auto aligned = [&](Sizes size) {
    return values_of_op("resize", {{"size", size}, {"mode", kBilinear}, {"align_corners", true}}, shape, x);
  };
  check_close(aligned({3, 5}), {1, 1.5, 2, 2.5, 3, 2.5, 3, 3.5, 4, 4.5, 4, 4.5, 5, 5.5, 6});
  check_close(aligned({1, 2}), {1, 3});
  check_close(values_of_op("resize", {{"size", Sizes{1, 2}}, {"mode", kBilinear}}, shape, x), {2.75, 4.25});
  CHECK(inferred("resize", {{"size", Sizes{3, 5}}, {"align_corners", true}}, {shape}) ==
        "align_corners: 'align_corners' has no meaning for the nearest element; "
        "write 'mode bilinear align_corners on', or leave it out");
}

// The numbers of this and the next test are those of ONNX's definition of Resize, written once more in
// Python.
TEST_CASE("resize rounds the nearest element's place as it is told, by every rule of places") {
  const auto resized = [](int64_t width, const char* places, const char* rounding) {
    return values_of_op(
        "resize",
        {{"size", Sizes{1, width}}, {"places", std::string(places)}, {"rounding", std::string(rounding)}},
        {1, 1, 4}, {1, 2, 4, 8});
  };
  check_close(resized(7, "half_pixel", "ceil"), {1, 2, 2, 4, 8, 8, 8});
  check_close(resized(7, "corners", "ceil"), {1, 2, 2, 4, 4, 8, 8});
  check_close(resized(7, "asymmetric", "ceil"), {1, 2, 4, 4, 8, 8, 8});
  check_close(resized(7, "tf_half_pixel_for_nn", "ceil"), {2, 2, 4, 4, 8, 8, 8});
  check_close(resized(2, "half_pixel", "half_up"), {2, 8});
  check_close(resized(2, "half_pixel", "half_down"), {1, 4});
  check_close(resized(2, "half_pixel", "floor"), {1, 4});
  check_close(resized(1, "half_pixel", "half_up"), {4});
  check_close(resized(1, "pytorch_half_pixel", "half_up"), {1});
  const auto of_width = [](int64_t width) {
    return inferred("resize", {{"size", Sizes{1, 2}}, {"rounding", std::string("half_up")}}, {{1, 1, width}});
  };
  CHECK(of_width(1 << 30) == "1x1x2");
  CHECK(of_width((1 << 30) + 1) ==
        "rounding: 'rounding half_up' wants at most 1073741824 rows, and columns; write 'rounding floor' or "
        "'rounding ceil'");
}

TEST_CASE("resize takes its places from a scale that is not the quotient of the sizes") {
  const auto resized = [](int64_t width, double scale, const char* places) {
    return values_of_op("resize",
                        {{"size", Sizes{1, width}},
                         {"mode", kBilinear},
                         {"column_scale", scale},
                         {"places", std::string(places)}},
                        {1, 1, 4}, {1, 2, 4, 8});
  };
  check_close(resized(2, 0.6, "half_pixel"), {1.333333333, 4});
  check_close(resized(2, 0.6, "half_pixel_symmetric"), {1.6666667, 5.333333333});
  check_close(resized(2, 0.6, "corners"), {1, 8});
  check_close(resized(2, 0.6, "asymmetric"), {1, 3.333333333});
  check_close(resized(2, 0.6, "tf_half_pixel_for_nn"), {1.8333333, 6});
  check_close(resized(5, 1.3, "pytorch_half_pixel"), {1, 1.653846196, 2.846153987, 4.769231164, 7.846154354});
  CHECK(inferred("resize", {{"size", Sizes{1, 3}}, {"column_scale", 0.6}}, {{1, 1, 4}}) ==
        "column_scale: 'column_scale 0.6' does not make 3 columns of 4; leave it out: it is 3 / 4 then, or "
        "give the size that is 4 times 0.6, rounded down");
}

TEST_CASE(
    "bicubic weighs four elements an axis, with any coefficient, those outside as the edge or not at all") {
  const auto resized = [](int64_t width, Attributes more) {
    more["size"] = Sizes{1, width};
    more["mode"] = std::string("bicubic");
    return values_of_op("resize", more, {1, 1, 4}, {1, 2, 4, 8});
  };
  const std::string asymmetric = "asymmetric";
  check_close(resized(6, {}), {0.913194444, 1.3125, 2.304398148, 3.383101852, 6.1875, 8.347222222});
  check_close(resized(6, {{"align_corners", true}}), {1, 1.396, 2.352, 3.288, 5.768, 8});
  check_close(resized(6, {{"places", asymmetric}}),
              {1, 1.462962963, 2.518518519, 4, 6.851851852, 8.444444444});
  check_close(resized(6, {{"cubic_coefficient", -0.5}, {"exclude_outside", true}}),
              {0.934210526, 1.352941176, 2.252314815, 3.539351852, 6.235294118, 8.263157895});
  check_close(resized(2, {}), {1.3125, 6.1875});
}

TEST_CASE("pad adds a constant, the map mirrored, or its edge") {
  const Shape shape{1, 2, 3};
  const std::vector<float> x = {1, 2, 3, 4, 5, 6};
  const auto padded = [&](Sizes padding, const std::string& mode) {
    return values_of_op("pad", {{"padding", std::move(padding)}, {"value", 7.0}, {"mode", mode}}, shape, x);
  };
  CHECK(padded({0, 1, 1, 2}, "constant") == Values{7, 1, 2, 3, 7, 7, 7, 4, 5, 6, 7, 7, 7, 7, 7, 7, 7, 7});
  CHECK(padded({1, 1, 2, 1}, "reflect") ==
        Values{6, 5, 4, 5, 6, 5, 3, 2, 1, 2, 3, 2, 6, 5, 4, 5, 6, 5, 3, 2, 1, 2, 3, 2});
  CHECK(padded({0, 3, 1, 2}, "replicate") ==
        Values{1, 1, 2, 3, 3, 3, 4, 4, 5, 6, 6, 6, 4, 4, 5, 6, 6, 6, 4, 4, 5, 6, 6, 6, 4, 4, 5, 6, 6, 6});
  CHECK(inferred("pad", {{"padding", Sizes{2, 0, 0, 0}}, {"mode", std::string("reflect")}}, {shape}) ==
        "padding: a map of 2 rows can be mirrored by at most 1; found 2; "
        "pad by less, or write 'mode replicate'");
}

TEST_CASE("the shape of an upconv is that of the map whose convolution has its input's shape") {
  CHECK(inferred("upconv", upconv(64, {2, 2}, {{"stride", Sizes{2, 2}}}), {{128, 28, 28}}) == "64x56x56");
  CHECK(inferred("upconv",
                 upconv(8, {3, 3},
                        {{"stride", Sizes{2, 2}}, {"pad", Sizes{1, 1, 1, 1}}, {"output_pad", Sizes{1, 0}}}),
                 {{4, 5, 5}}) == "8x10x9");
  CHECK(inferred("upconv", upconv(8, {3, 2}, {{"dilation", Sizes{2, 3}}, {"pad", Sizes{0, 1, 2, 0}}}),
                 {{4, 5, 6}}) == "8x8x7");
  // A conv with the same window leads back.
  for (int64_t stride : {1, 2, 3})
    for (int64_t pad : {0, 1, 2})
      for (int64_t dilation : {1, 2})
        for (int64_t output_pad = 0; output_pad < stride; ++output_pad) {
          const Attributes window = {{"stride", Sizes{stride, stride}},
                                     {"pad", Sizes{pad, pad, pad, pad}},
                                     {"dilation", Sizes{dilation, dilation}}};
          Attributes up = upconv(1, {3, 3}, window);
          up["output_pad"] = Sizes{output_pad, output_pad};
          const Operator& op = *find_operator("upconv");
          const auto shape = std::get<Shape>(op.infer(with_defaults(op, up), {{1, 7, 7}}));
          CHECK(inferred("conv", upconv(1, {3, 3}, window), {shape}) == "1x7x7");
        }
}

TEST_CASE("an upconv that cannot be names what is wrong") {
  CHECK(inferred("upconv", upconv(8, {3, 3}, {{"pad", Sizes{0, 0, 2, 1}}}), {{4, 5, 1}}) ==
        "pad: padding of 2 and 1 takes all 3 columns of the result; "
        "pad by less: each side of padding cuts off so much of the result");
  CHECK(inferred("upconv", upconv(8, {3, 3}, {{"stride", Sizes{2, 2}}, {"output_pad", Sizes{0, 2}}}),
                 {{4, 5, 5}}) ==
        "output_pad: 'output_pad' must be less than the stride or the dilation, here 2; found 2; "
        "it adds the rows and columns that a stride leaves over: at most the stride - 1");
  CHECK(inferred("upconv", upconv(9, {3, 3}, {{"groups", int64_t{2}}}), {{4, 5, 5}}) ==
        "groups: 'groups' must divide the number of channels; 9 channels in 2 groups leave 1 over; "
        "the input has 4 channels, the result 9; the greatest number that divides both is 1");
}

TEST_CASE("an upconv has the values of conv_transpose2d") {
  std::mt19937 random(1);
  const auto upconv_values = [&](const Attributes& a, const Shape& shape, std::vector<float> weight,
                                 std::vector<float> bias, const std::vector<float>& x) {
    Node node = make_node("upconv", a, {shape}, random);
    set_parameter(node, "weight", std::move(weight));
    set_parameter(node, "bias", std::move(bias));
    return run(node, {exact(x)}, {shape}).values;
  };
  CHECK(upconv_values(upconv(2, {2, 2}, {{"stride", Sizes{2, 2}}}), {1, 2, 3}, {1, 2, 3, 4, 5, 6, 7, 8},
                      {10, -10}, {1, 2, 3, 4, 5, 6}) ==
        Values{11, 12, 12, 14, 13, 16, 13, 14, 16, 18, 19, 22, 14, 18, 15, 20,
               16, 22, 22, 26, 25, 30, 28, 34, -5, -4, 0,  2,  5,  8,  -3, -2,
               4,  6,  11, 14, 10, 14, 15, 20, 20, 26, 18, 22, 25, 30, 32, 38});
  const Shape shape{2, 2, 2};
  const std::vector<float> x = {1, 2, 3, 4, -5, 6, 7, 8}, w = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  CHECK(upconv_values(upconv(2, {2, 3},
                             {{"stride", Sizes{2, 1}},
                              {"pad", Sizes{1, 1, 0, 0}},
                              {"output_pad", Sizes{1, 0}},
                              {"groups", int64_t{2}}}),
                      shape, w, {0, 0}, x) == Values{4,   13, 16, 12, 3,  10,  17,  12, 12, 31,  38,  24,
                                                     -50, 5,  6,  72, 49, 112, 127, 72, 70, 157, 172, 96});
  CHECK(upconv_values(upconv(1, {2, 3},
                             {{"stride", Sizes{3, 2}},
                              {"pad", Sizes{1, 1, 1, 1}},
                              {"output_pad", Sizes{2, 1}},
                              {"dilation", Sizes{2, 3}}}),
                      shape, w, {0}, x) ==
        Values{0, 0, 0, 0, 0, 0, 0, 0, 0, 68, -50, 0, 76,  -54, 0, 84,  0, 60, 62, 0, 72, 72, 0, 84,
               0, 0, 0, 0, 0, 0, 0, 0, 0, 96, 92,  0, 108, 102, 0, 120, 0, 0,  0,  0, 0,  0,  0, 0});
}

TEST_CASE("the parameters of an upconv are PyTorch's, its products those of its input's elements") {
  const Operator& op = *find_operator("upconv");
  const Attributes a = with_defaults(op, upconv(6, {3, 2}, {{"groups", int64_t{2}}}));
  const auto rules = op.parameters(a, {{4, 5, 5}});
  CHECK(to_string(rules.at(0).shape) == "4x3x3x2");
  CHECK(to_string(rules.at(1).shape) == "6");
  CHECK(op.macs(a, {{4, 5, 5}}, {6, 7, 6}) == 4 * 3 * 3 * 2 * 25);
}

TEST_CASE("formulas of operators that change a map's size") {
  const Attributes ceil = {{"filter", Sizes{3, 3}}, {"stride", Sizes{2, 2}}, {"ceil", true}};
  CHECK(formula("maxpool", ceil, {1, 112, 112}) == "ceil((112 - 3) / 2) + 1 = 56");
  const Attributes drops = {
      {"filter", Sizes{2, 2}}, {"stride", Sizes{3, 3}}, {"pad", Sizes{1, 1, 1, 1}}, {"ceil", true}};
  CHECK(formula("maxpool", drops, {1, 3, 5}) ==
        "(3 + 1 + 1 - 2) / 3 + 1 = 2, ceil((5 + 1 + 1 - 2) / 3) + 1 - 1 = 2");
  CHECK(formula("adaptive_avgpool", {{"size", Sizes{7, 6}}}, {1, 14, 13}) ==
        "14 / 7 = 2 a window, windows from i * 13 / 6 to (i + 1) * 13 / 6");
  CHECK(formula("upsample", {{"factor", Sizes{2, 2}}}, {1, 28, 28}) == "28 * 2 = 56");
  CHECK(formula("pad", {{"padding", Sizes{1, 2, 3, 3}}}, {1, 5, 5}) == "1 + 5 + 2 = 8, 3 + 5 + 3 = 11");
  CHECK(formula("upconv", upconv(8, {2, 2}, {{"stride", Sizes{2, 2}}}), {1, 28, 28}) ==
        "(28 - 1) * 2 + 2 = 56");
  CHECK(formula("upconv",
                upconv(8, {3, 3},
                       {{"stride", Sizes{2, 2}},
                        {"pad", Sizes{1, 1, 1, 1}},
                        {"dilation", Sizes{1, 2}},
                        {"output_pad", Sizes{1, 1}}}),
                {1, 5, 5}) ==
        "(5 - 1) * 2 - 1 - 1 + 3 + 1 = 10, (5 - 1) * 2 - 1 - 1 + 2 * (3 - 1) + 1 + 1 = 12");
}

namespace {

// The largest error in units of its bound.
double worst_ratio(const std::vector<float>& found, const Reference& expected) {
  double worst = 0;
  for (size_t i = 0; i < found.size(); ++i)
    worst = std::max(worst, std::fabs(found[i] - expected.values[i]) / expected.bounds[i]);
  return worst;
}

// 3x3, stride 2, one group, in float, in the order of the definition.
std::vector<float> float_upconv(const Node& node, const std::vector<float>& x, const Shape& s) {
  const auto &w = values_of(node, "weight"), &b = values_of(node, "bias");
  const int64_t plane = node.shape.height() * node.shape.width(), outputs = node.shape.channels();
  std::vector<float> y(node.shape.elements());
  for (int64_t i = 0; i < node.shape.elements(); ++i) y[i] = b[i / plane];
  for (int64_t c = 0; c < s.channels(); ++c)
    for (int64_t o = 0; o < outputs; ++o)
      for (int64_t k = 0; k < 9; ++k)
        for (int64_t i = 0; i < s.height() * s.width(); ++i) {
          const int64_t row = i / s.width() * 2 + k / 3, column = i % s.width() * 2 + k % 3;
          y[o * plane + row * node.shape.width() + column] +=
              w[(c * outputs + o) * 9 + k] * x[c * s.height() * s.width() + i];
        }
  return y;
}

std::vector<float> float_lrn(const std::vector<float>& x, int64_t size, float alpha, float beta, float k) {
  std::vector<float> y;
  const auto channels = static_cast<int64_t>(x.size());
  for (int64_t c = 0; c < channels; ++c) {
    float sum = 0;
    for (int64_t d = c - size / 2; d < c - size / 2 + size; ++d)
      if (d >= 0 && d < channels) sum += x[d] * x[d];
    y.push_back(x[c] / std::pow(k + alpha / static_cast<float>(size) * sum, beta));
  }
  return y;
}

}  // namespace

TEST_CASE("a float upconv stays within its bound, and uses a fair part of it") {
  std::mt19937 random(7);
  const Shape shape{11, 6, 7};
  double worst = 0;
  for (int round = 0; round < 20; ++round) {
    const Node node = make_node("upconv", upconv(5, {3, 3}, {{"stride", Sizes{2, 2}}}), {shape}, random);
    const auto x = random_floats(shape.elements(), random);
    worst = std::max(worst, worst_ratio(float_upconv(node, x, shape), run(node, {exact(x)}, {shape})));
  }
  CHECK(worst <= 1);
  CHECK(worst >= 1.0 / 200);
}

TEST_CASE("a float lrn stays within its bound, and uses a fair part of it") {
  std::mt19937 random(7);
  double worst = 0;
  for (float range : {0.1f, 1.0f, 30.0f, 1e4f})
    for (float beta : {0.5f, 0.75f, 2.0f}) {
      const Shape shape{50, 1, 1};
      const Node node = make_node(
          "lrn", {{"size", int64_t{5}}, {"alpha", 0.5}, {"beta", double{beta}}, {"k", 2.0}}, {shape}, random);
      const auto x = random_floats(50, random, -range, range);
      worst = std::max(worst, worst_ratio(float_lrn(x, 5, 0.5f, beta, 2), run(node, {exact(x)}, {shape})));
    }
  CHECK(worst <= 1);
  CHECK(worst >= 1.0 / 100);
}

// Each input moved by its whole bound, up or down.
TEST_CASE("what a layer before got wrong is passed on by operators that change a map's size") {
  std::mt19937 random(7);
  const Shape shape{6, 4, 5};
  const std::vector<std::pair<std::string, Attributes>> cases = {
      {"upconv", upconv(3, {3, 3}, {{"stride", Sizes{2, 2}}})},
      {"lrn", {{"size", int64_t{3}}, {"alpha", 2.0}}},
      {"adaptive_avgpool", {{"size", Sizes{3, 2}}}},
      {"adaptive_maxpool", {{"size", Sizes{3, 2}}}},
      {"avgpool", {{"filter", Sizes{3, 3}}, {"pad", Sizes{1, 1, 1, 1}}, {"include_pad", false}}},
      {"upsample", {{"factor", Sizes{2, 2}}}},
      {"resize", {{"size", Sizes{7, 3}}, {"mode", kBilinear}}},
      {"resize", {{"size", Sizes{7, 3}}, {"mode", std::string("bicubic")}}},
      {"resize", {{"size", Sizes{7, 3}}, {"mode", std::string("bicubic")}, {"exclude_outside", true}}},
      {"pad", {{"padding", Sizes{1, 1, 1, 1}}, {"mode", std::string("reflect")}}}};
  for (const auto& [op, attributes] : cases)
    for (double size : {1e-6, 1e-3, 0.3}) {
      INFO(op);
      const Node node = make_node(op, attributes, {shape}, random);
      Reference x = exact(random_floats(shape.elements(), random));
      x.bounds.assign(x.values.size(), size);
      Reference moved = x;
      for (double& v : moved.values) v += random() % 2 ? size : -size;
      const Reference expected = run(node, {x}, {shape}), found = run(node, {moved}, {shape});
      for (size_t i = 0; i < found.values.size(); ++i)
        CHECK(std::fabs(found.values[i] - expected.values[i]) <= expected.bounds[i] * (1 + 1e-9));
    }
}
