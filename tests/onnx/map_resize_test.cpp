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

bool refuses(const Model& m, const std::string& why) {
  return errors_of(m).find(why) != std::string::npos;
}

}  // namespace

TEST_CASE("all rules for the nearest element that amount to ours are upsample") {
  for (const auto& [coordinates, nearest] : {std::pair{"asymmetric", "floor"},
                                             {"half_pixel", "round_prefer_floor"},
                                             {"half_pixel", "round_prefer_ceil"},
                                             {"tf_half_pixel_for_nn", "floor"}}) {
    const Model m = by_scales({1, 1, 1, 2}, {1, 1, 1, 2}, rule("nearest", coordinates, nearest));
    CHECK(operators_of(translated(m)) == "upsample");
    CHECK(run(m, {{1, 2}}) == Values{1, 1, 2, 2});
  }
  CHECK(refuses(by_scales({1, 1, 1, 2}, {1, 1, 1, 2}, rule("nearest", "half_pixel", "ceil")),
                "from 1x2 to 1x4, by mode 'nearest' with 'half_pixel' and 'ceil', it takes other places than "
                "cnnc"));
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

TEST_CASE("sizes that keep the ratio may take other places than sizes that do not: a hint says so") {
  const auto resized = [](Dims to, const char* policy) {
    auto a = rule("nearest", "asymmetric", "floor");
    a["keep_aspect_ratio_policy"] = std::string(policy);
    a["axes"] = std::vector<int64_t>{2, 3};
    return by_sizes({1, 1, 4, 5}, std::move(to), a);
  };
  CHECK(errors_of(resized({2, 5}, "not_larger")) ==
        "Resize 'y': from 4x5 to 2x3, by mode 'nearest' with 'asymmetric' and 'floor', it takes other places "
        "than cnnc; hint: give it the sizes 2x3 and keep_aspect_ratio_policy 'stretch': the places are then "
        "those of the sizes");
  CHECK(operators_of(translated(resized({2, 3}, "stretch"))) == "resize");
}

TEST_CASE("half_pixel_symmetric is half_pixel where the sizes are the input's times the scale") {
  const auto a = rule("linear", "half_pixel_symmetric");
  CHECK(run(by_scales({1, 1, 1, 2}, {1, 1, 1, 2}, a), {{0, 4}}) == Values{0, 1, 3, 4});
  CHECK(refuses(by_scales({1, 1, 1, 4}, {1, 1, 1, 0.6F}, a), "it takes other places than cnnc"));
  // One element of 1.2 lies in the middle of the input; with half_pixel it would lie 1/6 before it.
  CHECK(run(by_scales({1, 1, 1, 4}, {1, 1, 1, 0.3F}, a), {{0, 2, 4, 8}}) == Values{3});
  CHECK(refuses(by_scales({1, 1, 1, 4}, {1, 1, 1, 0.3F}, rule("linear", "half_pixel")),
                "it takes other places than cnnc"));
}

TEST_CASE("a scale that is a quotient of whole numbers, rounded, is meant exactly") {
  const Model m = by_scales({1, 1, 1, 3}, {1, 1, 1, 5.0F / 3}, rule("nearest", "asymmetric", "floor"));
  CHECK(operators_of(translated(m)) == "resize");
  CHECK(run(m, {{1, 2, 3}}) == Values{1, 1, 2, 2, 3});
  CHECK(refuses(by_scales({1, 1, 4, 4}, {1, 1, 0.6F, 0.6F}, rule("linear", "half_pixel")),
                "from 4x4 to 2x2, by mode 'linear' with 'half_pixel', it takes other places than cnnc"));
}

TEST_CASE("linear by centres, by PyTorch's name for it, and by corners") {
  CHECK(run(by_scales({1, 1, 1, 2}, {1, 1, 1, 2}, rule("linear", "half_pixel")), {{0, 4}}) ==
        Values{0, 1, 3, 4});
  CHECK(run(by_sizes({1, 1, 1, 2}, {1, 1, 1, 4}, rule("linear", "pytorch_half_pixel")), {{0, 4}}) ==
        Values{0, 1, 3, 4});
  CHECK(run(by_sizes({1, 1, 1, 2}, {1, 1, 1, 5}, rule("linear", "align_corners")), {{0, 4}}) ==
        Values{0, 1, 2, 3, 4});
  CHECK(
      refuses(by_scales({1, 1, 1, 2}, {1, 1, 1, 2}, rule("linear", "asymmetric")), "it takes other places"));
  CHECK(refuses(by_scales({1, 1, 1, 2}, {1, 1, 1, 2}, rule("cubic", "half_pixel")),
                "its mode 'cubic' has no counterpart in cnnc"));
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

TEST_CASE("N x C x L is resized along its length") {
  CHECK(run(by_sizes({1, 2, 2}, {1, 2, 4}, rule("nearest", "asymmetric", "floor")), {counting(4)}) ==
        Values{1, 1, 2, 2, 3, 3, 4, 4});
}

TEST_CASE("sizes that make no sense are refused") {
  CHECK(refuses(by_scales({1, 2, 2, 2}, {1, 2, 1, 1}, rule("nearest", "asymmetric", "floor")),
                "it scales the batch or the channels; hint: cnnc scales rows and columns"));
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

TEST_CASE("a refused resize says what the node is given instead; what it says is read") {
  const auto hint_of = [](const Model& m) {
    const std::string errors = errors_of(m);
    return errors.substr(errors.find("; hint: ") + 8);
  };
  const std::vector<float> x = counting(36);
  for (const auto& [mode, coordinates] : {std::pair{"nearest", "asymmetric"}, {"linear", "half_pixel"}}) {
    const auto a = rule(mode, coordinates, "floor");
    CHECK(hint_of(by_scales({1, 1, 6, 6}, {1, 1, 1.7F, 1.7F}, a)) ==
          "give it the sizes 10x10 in place of the scales, as PyTorch does with size=(10, 10) or "
          "recompute_scale_factor=True: the places are then those of the sizes");
    CHECK(run(by_sizes({1, 1, 6, 6}, {1, 1, 10, 10}, a), {x}).size() == 100);
  }
  CHECK(hint_of(by_scales({1, 1, 4, 4}, {1, 1, 2, 2}, rule("linear", "asymmetric"))) ==
        "of mode 'linear' cnnc has the places of 'half_pixel' and 'align_corners', for which the node is "
        "given the "
        "sizes 8x8: the values are others then");
  for (const char* coordinates : {"half_pixel", "align_corners"})
    CHECK(operators_of(translated(by_sizes({1, 1, 4, 4}, {1, 1, 8, 8}, rule("linear", coordinates)))) ==
          "upsample");
  CHECK(hint_of(by_sizes({1, 1, 4, 5}, {1, 1, 7, 9}, rule("nearest", "half_pixel", "ceil"))) ==
        "of mode 'nearest' cnnc has the places of 'asymmetric' with 'floor', for which the node is given the "
        "sizes "
        "7x9: the values are others then");
  CHECK(operators_of(translated(
            by_sizes({1, 1, 4, 5}, {1, 1, 7, 9}, rule("nearest", "asymmetric", "floor")))) == "resize");
  CHECK(hint_of(by_sizes({1, 1, 4, 4}, {1, 1, 8, 8}, rule("cubic", "half_pixel"))) ==
        "cnnc has 'nearest' and 'linear', which give other values: export the model with one of them");
  Model old =
      model_of("Upsample", {1, 1, 2, 2}, {floats({4}, {1, 1, 2, 2})}, {{"mode", std::string("linear")}});
  old.opset = 9;
  CHECK(hint_of(old) ==
        "before opset 11 the operator says no better where it takes them: export the model with opset 11 or "
        "newer");
}
