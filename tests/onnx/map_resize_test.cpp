#include <doctest/doctest.h>

#include "model_fixture.h"

using namespace cnnc;
using namespace cnnc::onnx;
using namespace cnnc::onnx::test;

namespace {

using Attributes = std::map<std::string, onnx::Attribute>;

const Constant kNone = floats({0}, {});

Attributes rule(const char* mode, const char* coordinates, const char* nearest = "round_prefer_floor") {
  return {{"mode", std::string(mode)},
          {"coordinate_transformation_mode", std::string(coordinates)},
          {"nearest_mode", std::string(nearest)}};
}

Model by_scales(Dims x, std::vector<float> scales, Attributes a) {
  const auto count = static_cast<int64_t>(scales.size());
  return model_of("Resize", std::move(x), {kNone, floats({count}, std::move(scales))}, std::move(a));
}

Model by_sizes(Dims x, std::vector<int64_t> sizes, Attributes a) {
  return model_of("Resize", std::move(x), {kNone, kNone, integers(std::move(sizes))}, std::move(a));
}

// The operator, and its words of places that are not usual.
std::string layer_of(const Model& m) {
  const cnnc::Node node = translated(m).graph.nodes.back();
  std::string text = node.op;
  for (const char* name : {"places", "rounding", "row_scale", "column_scale"})
    if (const auto found = node.attributes.find(name); found != node.attributes.end())
      if (found->second != cnnc::AttributeValue(0.0))
        text += std::string(" ") + name + " " + cnnc::to_string(found->second);
  return text;
}

bool refuses(const Model& m, const std::string& why) {
  return errors_of(m).find(why) != std::string::npos;
}

}  // namespace

TEST_CASE("all rules for the nearest element that amount to the usual one are upsample without a word") {
  for (const auto& [coordinates, nearest] : {std::pair{"asymmetric", "floor"},
                                             {"half_pixel", "round_prefer_floor"},
                                             {"half_pixel", "round_prefer_ceil"},
                                             {"tf_half_pixel_for_nn", "floor"}}) {
    const Model m = by_scales({1, 1, 1, 2}, {1, 1, 1, 2}, rule("nearest", coordinates, nearest));
    CHECK(layer_of(m) == "upsample places usual rounding floor");
    CHECK(run(m, {{1, 2}}) == Values{1, 1, 2, 2});
  }
  const Model m = by_scales({1, 1, 1, 2}, {1, 1, 1, 2}, rule("nearest", "half_pixel", "ceil"));
  CHECK(layer_of(m) == "upsample places half_pixel rounding ceil");
  CHECK(run(m, {{1, 2}}) == Values{1, 2, 2, 2});
}

TEST_CASE("antialias is refused where it changes something: linear, downwards") {
  const auto antialiased = [](Dims to, const char* mode) {
    auto a = rule(mode, "half_pixel");
    a["antialias"] = int64_t{1};
    return by_sizes({1, 1, 4, 4}, std::move(to), a);
  };
  CHECK(errors_of(antialiased({1, 1, 2, 4}, "linear")) ==
        "Resize 'y': with 'antialias' it makes 2x4 of 4x4: each element is a mean of more of the input than "
        "cnnc takes; hint: export the model with antialias=False: the values are others then");
  CHECK(operators_of(translated(antialiased({1, 1, 8, 8}, "linear"))) == "upsample");
  CHECK(operators_of(translated(antialiased({1, 1, 4, 8}, "linear"))) == "upsample");
  CHECK(errors_of(antialiased({1, 1, 2, 2}, "nearest")).find("antialias") == std::string::npos);
}

TEST_CASE("some axes alone are scaled, since opset 18") {
  auto a = rule("nearest", "asymmetric", "floor");
  a["axes"] = std::vector<int64_t>{3};
  CHECK(run(by_scales({1, 1, 1, 2}, {2}, a), {{1, 2}}) == Values{1, 1, 2, 2});
  CHECK(run(by_sizes({1, 1, 1, 2}, {4}, a), {{1, 2}}) == Values{1, 1, 2, 2});
  CHECK(errors_of(by_scales({1, 1, 1, 2}, {1, 1, 1, 2}, a)) ==
        "Resize 'y': it has 4 scales and 0 sizes for 1 dimensions");
  a["axes"] = std::vector<int64_t>{3, 2};
  CHECK(run(by_scales({1, 1, 1, 2}, {2, 1}, a), {{1, 2}}) == Values{1, 1, 2, 2});
}

TEST_CASE("sizes that keep the ratio of rows to columns are met or kept below, or met or exceeded") {
  const auto kept = [](Dims to, const char* policy) {
    auto a = rule("nearest", "asymmetric", "floor");
    a["keep_aspect_ratio_policy"] = std::string(policy);
    a["axes"] = std::vector<int64_t>{2, 3};
    return by_sizes({1, 1, 1, 2}, std::move(to), a);
  };
  CHECK(run(kept({3, 4}, "not_larger"), {{1, 2}}) == Values{1, 1, 2, 2, 1, 1, 2, 2});
  CHECK(run(kept({1, 4}, "not_smaller"), {{1, 2}}) == Values{1, 1, 2, 2, 1, 1, 2, 2});
  CHECK(run(kept({1, 3}, "not_smaller"), {{1, 2}}) == Values{1, 1, 2, 1, 1, 2});
  CHECK(run(kept({1, 3}, "stretch"), {{1, 2}}) == Values{1, 1, 2});
  CHECK(errors_of(kept({1, 4}, "crop")) ==
        "Resize 'y': its 'keep_aspect_ratio_policy' is 'crop', which ONNX does not have");
}

TEST_CASE("sizes that keep the ratio may take other places than sizes that do not") {
  const auto resized = [](Dims to, const char* policy) {
    auto a = rule("nearest", "asymmetric", "floor");
    a["keep_aspect_ratio_policy"] = std::string(policy);
    a["axes"] = std::vector<int64_t>{2, 3};
    return by_sizes({1, 1, 4, 5}, std::move(to), a);
  };
  const std::vector<float> x = counting(20);
  const Model kept = resized({2, 5}, "not_larger"), stretched = resized({2, 3}, "stretch");
  CHECK(layer_of(kept) == "resize places usual rounding floor column_scale 0.5");
  CHECK(run(kept, {x}) == Values{1, 3, 5, 11, 13, 15});
  CHECK(layer_of(stretched) == "resize places usual rounding floor");
  CHECK(run(stretched, {x}) == Values{1, 2, 4, 11, 12, 14});
}

TEST_CASE("half_pixel_symmetric is half_pixel where the sizes are the input's times the scale") {
  const auto a = rule("linear", "half_pixel_symmetric");
  CHECK(run(by_scales({1, 1, 1, 2}, {1, 1, 1, 2}, a), {{0, 4}}) == Values{0, 1, 3, 4});
  CHECK(run(by_scales({1, 1, 1, 4}, {1, 1, 1, 0.625F}, a), {{0, 5, 10, 15}}) == Values{3.5, 11.5});
  // One element of 1.2 lies in the middle of the input; with half_pixel it would lie 1/6 before it.
  CHECK(run(by_scales({1, 1, 1, 4}, {1, 1, 1, 0.3F}, a), {{0, 2, 4, 8}}) == Values{3});
  CHECK(run(by_scales({1, 1, 1, 4}, {1, 1, 1, 0.3F}, rule("linear", "half_pixel")), {{0, 3, 6, 9}})[0] ==
        doctest::Approx(3.5));
}

TEST_CASE("a scale that is a quotient of whole numbers, rounded, is meant exactly") {
  const Model m = by_scales({1, 1, 1, 3}, {1, 1, 1, 5.0F / 3}, rule("nearest", "asymmetric", "floor"));
  CHECK(operators_of(translated(m)) == "resize");
  CHECK(run(m, {{1, 2, 3}}) == Values{1, 1, 2, 2, 3});
}

TEST_CASE("a scale that is no quotient of the sizes is the simplest fraction that rounds to it") {
  // 8 / 1.6 is 5, and 8 / 1.6F less than that.
  const Model m = by_scales({1, 1, 1, 9}, {1, 1, 1, 1.6F}, rule("nearest", "asymmetric", "floor"));
  CHECK(layer_of(m) == "resize places usual rounding floor column_scale 1.6");
  CHECK(run(m, {counting(9)}) == Values{1, 1, 2, 2, 3, 4, 4, 5, 6, 6, 7, 7, 8, 9});
}

TEST_CASE("linear by centres, by PyTorch's name for it, and by corners") {
  CHECK(run(by_scales({1, 1, 1, 2}, {1, 1, 1, 2}, rule("linear", "half_pixel")), {{0, 4}}) ==
        Values{0, 1, 3, 4});
  CHECK(run(by_sizes({1, 1, 1, 2}, {1, 1, 1, 4}, rule("linear", "pytorch_half_pixel")), {{0, 4}}) ==
        Values{0, 1, 3, 4});
  CHECK(run(by_sizes({1, 1, 1, 2}, {1, 1, 1, 5}, rule("linear", "align_corners")), {{0, 4}}) ==
        Values{0, 1, 2, 3, 4});
  CHECK(run(by_scales({1, 1, 1, 2}, {1, 1, 1, 2}, rule("linear", "asymmetric")), {{0, 4}}) ==
        Values{0, 2, 4, 4});
  CHECK(errors_of(by_scales({1, 1, 1, 2}, {1, 1, 1, 2}, rule("lanczos", "half_pixel"))) ==
        "Resize 'y': its mode 'lanczos' has no counterpart in cnnc; hint: ONNX has 'nearest', 'linear' and "
        "'cubic'");
  CHECK(
      errors_of(by_scales({1, 1, 1, 2}, {1, 1, 1, 2}, rule("linear", "tf_crop_and_resize"))) ==
      "Resize 'y': its coordinate_transformation_mode 'tf_crop_and_resize' has no counterpart in cnnc; hint: "
      "it takes a part of the map as well: crop it before a Resize with 'align_corners'");
}

TEST_CASE("cubic has its coefficient, and elements outside count as the edge or not at all") {
  auto a = rule("cubic", "asymmetric");
  const auto resized = [&] { return by_scales({1, 1, 1, 4}, {1, 1, 1, 2}, a); };
  // Between two: -3/32, 19/32, 19/32, -3/32 of four; with -1/2 as coefficient -1/16, 9/16, 9/16, -1/16.
  CHECK(run(resized(), {{0, 32, 0, 0}}) == Values{0, 19, 32, 19, 0, -3, 0, 0});
  a["cubic_coeff_a"] = -0.5F;
  CHECK(run(resized(), {{0, 32, 0, 0}}) == Values{0, 18, 32, 18, 0, -2, 0, 0});
  a["exclude_outside"] = int64_t{1};
  CHECK(run(resized(), {{0, 34, 0, 0}})[1] == doctest::Approx(18));
}

TEST_CASE("Upsample and the first Resize have scales alone, from the first element on") {
  Model seven = model_of("Upsample", {1, 1, 1, 2}, {}, {{"scales", std::vector<float>{1, 1, 2, 1}}});
  seven.opset = 7;
  CHECK(run(seven, {{1, 2}}) == Values{1, 2, 1, 2});
  for (const char* op : {"Upsample", "Resize"}) {
    Model m = model_of(op, {1, 1, 1, 2}, {floats({4}, {1, 1, 1, 3})});
    m.opset = op[0] == 'U' ? 9 : 10;
    CHECK(run(m, {{1, 2}}) == Values{1, 1, 1, 2, 2, 2});
  }
}

TEST_CASE(
    "before opset 11 a map that is made smaller takes the element behind each place, a larger one that "
    "before") {
  const auto scaled = [](float rows, float columns) {
    Model m = model_of("Resize", {1, 1, 2, 4}, {floats({4}, {1, 1, rows, columns})});
    m.opset = 10;
    return m;
  };
  CHECK(run(scaled(0.6F, 0.6F), {counting(8)}) == Values{1, 3});  // ONNX's own test of it
  CHECK(run(scaled(1, 1.5F), {counting(8)}) == Values{1, 1, 2, 3, 3, 4, 5, 5, 6, 7, 7, 8});
  CHECK(operators_of(translated(scaled(2, 0.6F))) == "upsample resize");
  CHECK(run(scaled(2, 0.6F), {counting(8)}) == Values{1, 3, 1, 3, 5, 7, 5, 7});
  Model linear =
      model_of("Upsample", {1, 1, 1, 2}, {floats({4}, {1, 1, 1, 2})}, {{"mode", std::string("linear")}});
  linear.opset = 9;
  CHECK(run(linear, {{0, 4}}) == Values{0, 2, 4, 4});
}

TEST_CASE("N x C x L is resized along its length") {
  CHECK(run(by_sizes({1, 2, 2}, {1, 2, 4}, rule("nearest", "asymmetric", "floor")), {counting(4)}) ==
        Values{1, 1, 2, 2, 3, 3, 4, 4});
}

TEST_CASE("any axes of a tensor of any rank are scaled, one after the other") {
  const auto a = rule("nearest", "asymmetric", "floor");
  const Values twice = {1, 2, 1, 2, 3, 4, 3, 4};
  CHECK(run(by_scales({1, 1, 2, 2}, {1, 1, 2, 1}, a), {counting(4)}) == twice);
  CHECK(run(by_scales({1, 2, 1, 2}, {1, 2, 1, 1}, a), {counting(4)}) == twice);  // channels
  CHECK(run(by_scales({1, 1, 2, 1, 2}, {1, 1, 2, 1, 1}, a), {counting(4)}) == twice);
  CHECK(run(by_scales({2, 1, 1, 2}, {2, 1, 1, 1}, a), {counting(4)}) == twice);  // no batch, but an axis
  CHECK(run(by_scales({1, 1, 2, 1, 2}, {1, 1, 2, 1, 2}, rule("linear", "half_pixel")), {{0, 4, 8, 12}}) ==
        Values{0, 1, 3, 4, 2, 3, 5, 6, 6, 7, 9, 10, 8, 9, 11, 12});
  CHECK(run(by_scales({1, 2, 2, 2}, {1, 2, 1, 1}, rule("linear", "align_corners")), {counting(8)})[4] ==
        doctest::Approx(1 + 4.0 / 3));
}

TEST_CASE("sizes that make no sense are refused") {
  CHECK(refuses(by_scales({1, 1, 2, 2}, {1, 1, 1e9F, 1}, rule("nearest", "asymmetric", "floor")),
                "a map of 2000000000x2 is too large"));
  CHECK(refuses(by_scales({1, 1, 2, 2}, {1, 1, -1, 1}, rule("nearest", "asymmetric", "floor")),
                "it scales 2 elements by -1"));
  CHECK(refuses(by_scales({1, 1, 2, 2}, {2, 2}, rule("nearest", "asymmetric", "floor")),
                "it has 2 scales and 0 sizes for 4 dimensions"));
}

TEST_CASE("a resize that changes nothing passes a reshaped input on") {
  const Model net =
      model({value("x", {1, 8})},
            {node("Reshape", {"x", "shape"}, {"map"}), node("Resize", {"map", "", "scales"}, {"same"}),
             node("MaxPool", {"same"}, {"y"}, {{"kernel_shape", Dims{2, 2}}})},
            {"y"}, {{"shape", integers({1, 2, 2, 2})}, {"scales", floats({4}, {1, 1, 1, 1})}});
  CHECK(run(net, {counting(8)}) == Values{4, 8});
}
