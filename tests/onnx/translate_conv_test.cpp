#include <doctest/doctest.h>

#include <limits>

#include "graph/attributes.h"
#include "model_fixture.h"

using namespace cnnc;
using namespace cnnc::onnx;
using namespace cnnc::onnx::test;

namespace {

const cnnc::Node& last(const Network& network) {
  return network.graph.nodes.back();
}

}  // namespace

TEST_CASE("weights that are no finite numbers are refused by the name that the file gives them") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  CHECK(
      errors_of(model_of("Conv", {1, 1, 1, 2}, {floats({1, 1, 1, 2}, {1, nan})})) ==
      "Conv 'y': its constant 'c0' holds nan; hint: what it meets is no number either: correct the constant, "
      "or take a checkpoint from before");
  CHECK(
      errors_of(model_of("BatchNormalization", {1, 1, 1, 2},
                         {floats({1}, {1}), floats({1}, {0}),
                          floats({1}, {std::numeric_limits<float>::infinity()}), floats({1}, {1})})) ==
      "BatchNormalization 'y': its constant 'c2' holds inf; hint: weights are finite numbers: take a "
      "checkpoint from before; constants that are added, multiplied, compared or chosen may hold infinities");
}

TEST_CASE("a convolution of one pixel is a matrix for each pixel, plus the bias") {
  const Model net = model_of("Conv", {1, 2, 1, 2}, {floats({1, 2, 1, 1}, {10, 1}), floats({1}, {100})});
  CHECK(run(net, {{1, 2, 3, 4}}) == Values{113, 124});
}

TEST_CASE("a convolution's padding is top, left, bottom, right in ONNX") {
  const Network net = translated(model_of("Conv", {1, 1, 5, 5}, {floats({1, 1, 3, 3}, counting(9))},
                                          {{"pads", Dims{1, 2, 3, 4}}, {"strides", Dims{2, 1}}}));
  CHECK(sizes(last(net).attributes, "pad") == Dims{1, 3, 2, 4});
  CHECK(last(net).shape == Shape{1, 4, 9});
}

TEST_CASE("a convolution of sequences is one of maps of one row, and its result has three dimensions again") {
  const Model net =
      model({value("x", {2, 1, 4})},
            {node("Conv", {"x", "w"}, {"a"}, {{"pads", Dims{1, 0}}, {"strides", Dims{2}}}),
             node("Mul", {"a", "scale"}, {"y"})},
            {"y"}, {{"w", floats({2, 1, 3}, {1, 0, 0, 0, 10, 1})}, {"scale", floats({2, 1}, {1, 2})}});
  CHECK(run(net, {{1, 2, 3, 4, 5, 6, 7, 8}}) == Values{0, 2, 24, 68, 0, 6, 112, 156});
}

TEST_CASE("automatic padding: the odd element after, before, or none") {
  const auto pad_of = [](const char* automatic) {
    const Model net = model_of("Conv", {1, 1, 5, 4}, {floats({1, 1, 2, 3}, counting(6))},
                               {{"auto_pad", std::string(automatic)}});
    return to_string(last(translated(net)).attributes.find("pad")->second);
  };
  CHECK(pad_of("SAME_UPPER") == "same");
  CHECK(pad_of("SAME_LOWER") == "1 0 1 1");
  CHECK(pad_of("VALID") == "0");
}

TEST_CASE("a convolution that does not suit its input says what does not") {
  const auto weight = [](Dims dims) {
    return floats(dims, std::vector<float>(static_cast<size_t>(elements(dims))));
  };
  CHECK(errors_of(model_of("Conv", {1, 3, 8, 8}, {weight({4, 2, 3, 3})})) ==
        "Conv 'y': its weight of 4x2x3x3 in 1 groups does not suit an input of 3 channels");
  CHECK(errors_of(model_of("Conv", {1, 3, 8, 8}, {weight({4, 3, 3, 3})}, {{"kernel_shape", Dims{5, 5}}})) ==
        "Conv 'y': its 'kernel_shape' is 5x5, and its weight 4x3x3x3");
  CHECK(errors_of(model_of("Conv", {1, 3, 8, 8}, {weight({4, 3, 3, 3})}, {{"strides", Dims{0, 1}}})) ==
        "Conv 'y': its 'strides' has 0; it may be from 1 to 2147483647");
  CHECK(errors_of(model_of("Conv", {1, 3, 8, 8}, {weight({4, 3, 3})})) ==
        "Conv 'y': its weight is 4x3x3 and its input 1x3x8x8; cnnc has convolutions of maps, N x C x H x W, "
        "of sequences, N x C x L, and of volumes, N x C x D x H x W");
  CHECK(errors_of(model_of("Conv", {1, 3, 8, 8}, {weight({4, 3, 3, 3}), weight({5})})) ==
        "Conv 'y': its bias has 5 elements; 'conv' takes 4");
}

TEST_CASE("a transposed convolution adds its filter at each element") {
  const Model net =
      model_of("ConvTranspose", {1, 1, 1, 2}, {floats({1, 1, 1, 2}, {1, 10})}, {{"strides", Dims{1, 2}}});
  CHECK(run(net, {{3, 4}}) == Values{3, 30, 4, 40});
}

TEST_CASE("a transposed convolution is cut to the size that the model wants") {
  const auto attributes = [](std::map<std::string, Attribute> wanted) {
    wanted.insert({"strides", Dims{3, 2}});
    const Model net =
        model_of("ConvTranspose", {1, 1, 3, 3}, {floats({1, 2, 3, 3}, counting(18))}, std::move(wanted));
    const cnnc::Node node = last(translated(net));
    return to_string(node.shape) + ", pad " + to_string(node.attributes.find("pad")->second) +
           ", output_pad " + to_string(node.attributes.find("output_pad")->second);
  };
  CHECK(attributes({{"output_shape", Dims{10, 8}}}) == "2x10x8, pad 0, output_pad 1x1");
  CHECK(attributes({{"output_shape", Dims{1, 2, 9, 6}}}) == "2x9x6, pad 0 0 1 0, output_pad 0x0");
  CHECK(attributes({{"auto_pad", std::string("SAME_UPPER")}}) == "2x9x6, pad 0 0 0 1, output_pad 0x0");
  CHECK(attributes({{"output_padding", Dims{2, 1}}, {"pads", Dims{1, 0, 1, 1}}}) ==
        "2x9x7, pad 1 1 0 1, output_pad 2x1");
}

TEST_CASE("a transposed convolution is not enlarged by 'auto_pad', of which engines think differently") {
  CHECK(errors_of(model_of("ConvTranspose", {1, 1, 3, 3}, {floats({1, 1, 2, 2}, counting(4))},
                           {{"strides", Dims{3, 2}}, {"auto_pad", std::string("SAME_UPPER")}})) ==
        "ConvTranspose 'y': its 'auto_pad' makes 9 elements of 3 by filters that cover 8; hint: give the "
        "sizes of the result, as 'output_shape'");
}

TEST_CASE("weights of types that have no values here are refused by the type's name") {
  CHECK(errors_of(model_of("Conv", {1, 1, 2, 2}, {Constant{"int4", {1, 1, 1, 1}, nullptr, nullptr}})) ==
        "Conv 'y': its weight is of type int4");
  Model quantised = model_of("Relu", {1, 1, 2, 2});
  quantised.inputs[0].type = "float8e5m2";
  CHECK(errors_of(quantised) ==
        "input 'x' is of type float8e5m2; hint: cnnc computes with floats: declare it as float in the model, "
        "and give it floats");
}
