// Convolutions and pools over three dimensions of pixels.
#include <doctest/doctest.h>

#include "model_fixture.h"

using namespace cnnc;
using namespace cnnc::onnx;
using namespace cnnc::onnx::test;

namespace {

using Sizes = std::vector<int64_t>;
using Attributes3d = std::map<std::string, Attribute>;

// Two channels of one output, each tap 1.
Constant ones(Dims dims) {
  std::vector<float> values(static_cast<size_t>(elements(dims)), 1);
  return floats(dims, std::move(values));
}

std::string text_of(const Model& m, const char* attribute) {
  const Network network = translated(m);
  return to_string(network.graph.nodes.back().attributes.at(attribute));
}

}  // namespace

TEST_CASE("Conv over depth, height and width becomes conv3d, written as short as can be") {
  const auto conv = [](Attributes3d attributes, Dims weight = {1, 1, 1, 1, 2}) {
    return model_of("Conv", {1, 1, 2, 2, 2}, {ones(std::move(weight))}, std::move(attributes));
  };
  CHECK(operators(conv({})) == "conv3d");
  CHECK(run(conv({}), {counting(8)}) == Values{3, 7, 11, 15});
  CHECK(run(conv({{"pads", Sizes{0, 0, 1, 0, 0, 0}}}), {counting(8)}) == Values{1, 3, 3, 7, 5, 11, 7, 15});
  CHECK(run(conv({{"strides", Sizes{2, 1, 1}}}), {counting(8)}) == Values{3, 7});
  CHECK(run(conv({{"auto_pad", std::string("SAME_UPPER")}}), {counting(8)}) ==
        Values{3, 2, 7, 4, 11, 6, 15, 8});
  CHECK(run(conv({{"auto_pad", std::string("SAME_LOWER")}}), {counting(8)}) ==
        Values{1, 3, 3, 7, 5, 11, 7, 15});
  CHECK(text_of(conv({{"pads", Sizes{1, 1, 1, 1, 1, 1}}}), "pad") == "1");
  CHECK(text_of(conv({{"pads", Sizes{1, 0, 1, 1, 0, 1}}}), "pad") == "1x0x1");
  CHECK(text_of(conv({{"pads", Sizes{1, 0, 2, 3, 0, 1}}}), "pad") == "1x3x0x0x2x1");
  CHECK(errors_of(conv({{"strides", Sizes{1, 1}}})) ==
        "Conv 'y': its 'strides' has 2 numbers; 3 are expected");
  CHECK(errors_of(conv({{"pads", Sizes{-1, 0, 0, 0, 0, 0}}})) ==
        "Conv 'y': its 'pads' has -1; it may be from 0 to 2147483647");
  CHECK(errors_of(conv({}, {1, 2, 1, 1, 2})) ==
        "Conv 'y': its weight of 1x2x1x1x2 in 1 groups does not suit an input of 1 channels");
}

TEST_CASE("ConvTranspose over depth, height and width becomes upconv3d") {
  const auto upconv = [](Attributes3d attributes) {
    return model_of("ConvTranspose", {1, 1, 1, 1, 2}, {ones({1, 1, 2, 1, 2})}, std::move(attributes));
  };
  CHECK(operators(upconv({})) == "upconv3d");
  CHECK(run(upconv({}), {{1, 2}}) == Values{1, 3, 2, 1, 3, 2});
  CHECK(run(upconv({{"pads", Sizes{1, 0, 0, 0, 0, 1}}}), {{1, 2}}) == Values{1, 3});
  CHECK(run(upconv({{"strides", Sizes{1, 1, 2}}, {"output_padding", Sizes{0, 0, 1}}}), {{1, 2}}) ==
        Values{1, 1, 2, 2, 0, 1, 1, 2, 2, 0});
  CHECK(errors_of(upconv({{"output_shape", Sizes{3, 1, 3}}})) ==
        "ConvTranspose 'y': it gives its result's size and not its padding; hint: export it with 'pads' and "
        "'output_padding'");
}

TEST_CASE("pools over depth, height and width, and a batchnorm of such tensors") {
  const auto pool = [](const char* op, Attributes3d attributes) {
    attributes.emplace("kernel_shape", Sizes{2, 1, 2});
    return model_of(op, {1, 1, 2, 2, 3}, {}, std::move(attributes));
  };
  CHECK(operators(pool("MaxPool", {})) == "maxpool3d");
  CHECK(run(pool("MaxPool", {}), {counting(12)}) == Values{8, 9, 11, 12});
  CHECK(run(pool("MaxPool", {{"strides", Sizes{2, 1, 2}}, {"ceil_mode", int64_t{1}}}), {counting(12)}) ==
        Values{8, 9, 11, 12});
  CHECK(run(pool("AveragePool", {{"pads", Sizes{0, 0, 1, 0, 0, 0}}}), {counting(12)}) ==
        Values{4, 4.5, 5.5, 7, 7.5, 8.5});
  CHECK(run(pool("AveragePool", {{"pads", Sizes{0, 0, 1, 0, 0, 0}}, {"count_include_pad", int64_t{1}}}),
            {counting(12)}) == Values{2, 4.5, 5.5, 3.5, 7.5, 8.5});
  CHECK(
      errors_of(pool(
          "AveragePool",
          {{"strides", Sizes{1, 1, 2}}, {"ceil_mode", int64_t{1}}, {"count_include_pad", int64_t{1}}})) ==
      "AveragePool 'y': its 'ceil_mode' makes windows that reach beyond the padding, which it counts; hint: "
      "export it with 'count_include_pad' 0, or pad the tensor first");
  const Model norm = model_of("BatchNormalization", {1, 2, 1, 1, 2},
                              {floats({2}, {2, 1}), floats({2}, {0, 5}), floats({2}, {1, 0}), ones({2})},
                              {{"epsilon", 0.0f}});
  CHECK(operators(norm) == "batchnorm");
  CHECK(close(run(norm, {counting(4)}), {0, 2, 8, 9}));
}
