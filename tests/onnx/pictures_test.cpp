// Models whose inputs are the bytes of pictures.
#include "onnx/import/pictures.h"

#include <doctest/doctest.h>

#include "model_fixture.h"

using namespace cnnc;
using namespace cnnc::onnx;
using namespace cnnc::onnx::test;

namespace {

const TranslateOptions kFolding = [] {
  TranslateOptions options;
  options.folds_pixels = true;
  return options;
}();

onnx::Node cast(const std::string& from, const std::string& to) {
  return node("Cast", {from}, {to}, {{"to", int64_t{1}}});
}

onnx::Node transpose(const std::string& from, const std::string& to) {
  return node("Transpose", {from}, {to}, {{"perm", Dims{0, 3, 1, 2}}});
}

Model of_bytes(Dims dims, std::vector<onnx::Node> nodes, std::map<std::string, Constant> constants) {
  Model m = model({value("x", std::move(dims))}, std::move(nodes), {"y"}, std::move(constants));
  m.inputs[0].type = "uint8";
  return m;
}

// As TensorFlow's models have it: the arithmetic first, then the channels.
Model channels_last() {
  return of_bytes({1, 1, 2, 3},
                  {cast("x", "a"), node("Sub", {"a", "mean"}, {"b"}), node("Div", {"b", "deviation"}, {"c"}),
                   transpose("c", "d"), node("Relu", {"d"}, {"y"})},
                  {{"mean", floats({3}, {123.675f, 116.28f, 103.53f})},
                   {"deviation", floats({3}, {58.395f, 57.12f, 57.375f})}});
}

// As PyTorch's have it: to 0 to 1, then each channel's mean and deviation.
Model channels_first() {
  return of_bytes({1, 3, 1, 2},
                  {cast("x", "a"), node("Div", {"a", "most"}, {"b"}), node("Sub", {"b", "mean"}, {"c"}),
                   node("Div", {"c", "deviation"}, {"d"}), node("Relu", {"d"}, {"y"})},
                  {{"most", scalar(255)},
                   {"mean", floats({1, 3, 1, 1}, {0.485f, 0.456f, 0.406f})},
                   {"deviation", floats({1, 3, 1, 1}, {0.229f, 0.224f, 0.225f})}});
}

const cnnc::Node& input_of(const Network& network) {
  return network.graph.nodes[static_cast<size_t>(network.graph.inputs[0])];
}

std::string pixels_of(const Network& network) {
  return input_of(network).pixels ? to_string(*input_of(network).pixels) : "";
}

std::string folded(const Model& m) {
  return pixels_of(translated(m, kFolding));
}

constexpr const char* kOfImageNet = "from rgb8 mean 0.485 0.456 0.406 deviation 0.229 0.224 0.225";

}  // namespace

TEST_CASE("a network reads pictures where a model reads bytes of them, and floats stay levels as they lie") {
  const Network network = translated(channels_last());
  CHECK(input_of(network).shape == Shape{1, 2, 3});
  CHECK(pixels_of(network) == "from rgb8 deviation 0.00392156862745098");
  CHECK(operators_of(network) == "permute batchnorm relu");
  CHECK(network.notes ==
        std::vector<std::string>{
            "input 'x' is of type uint8 in the model, and of floats in the network",
            "input 'x' reads pictures, too: 'from rgb8 deviation 0.00392156862745098', or 'bgr8', which a "
            "model does not say; floats are given as levels, 0 to 255, in the model's order of axes; with "
            "--fold-pixels it is '3x1x2 from rgb8 mean 0.485 0.456 0.406 deviation 0.229 0.224 0.225', and "
            "floats are given so"});
  const Values y = run(network, {{255, 0, 0, 0, 255, 200}})[0];
  CHECK(close(y, {(255 - 123.675) / 58.395, 0, 0, (255 - 116.28) / 57.12, 0, (200 - 103.53) / 57.375}));
}

TEST_CASE(
    "what a model does to pixels first is folded into its input, and floats are given as that makes them") {
  for (const Model& m : {channels_last(), channels_first()}) {
    const Network network = translated(m, kFolding);
    CHECK(input_of(network).shape == Shape{3, 1, 2});
    CHECK(pixels_of(network) == kOfImageNet);
    CHECK(operators_of(network) == "relu");
    CHECK(
        network.notes[1] ==
        "input 'x' reads pictures, too: 'from rgb8 mean 0.485 0.456 0.406 deviation 0.229 0.224 0.225', or "
        "'bgr8', which a model does not say; floats are given as what that makes of pixels, channels first");
    CHECK(run(network, {{1, -2, 3, -4, 5, 6}})[0] == Values{1, 0, 3, 0, 5, 6});
  }
}

TEST_CASE("scales of other kinds are folded: one for all channels, of grey, to -1 and 1, negative ones") {
  const auto scaled = [](int64_t channels, const char* op, float scale, const char* then, float shift) {
    return of_bytes({1, channels, 2, 2},
                    {cast("x", "a"), node(op, {"a", "s"}, {"b"}), node(then, {"b", "t"}, {"c"}),
                     node("Relu", {"c"}, {"y"})},
                    {{"s", scalar(scale)}, {"t", scalar(shift)}});
  };
  CHECK(folded(scaled(3, "Div", 127.5f, "Sub", 1)) == "from rgb8 mean 0.5 deviation 0.5");
  CHECK(folded(scaled(1, "Mul", 1.0f / 255, "Add", 0)) == "from grey8");
  CHECK(folded(scaled(1, "Sub", 128, "Mul", 0.0078125f)) == "from grey8 mean 0.5019608 deviation 0.5019608");
  CHECK(folded(scaled(1, "Mul", -1.0f / 255, "Add", 1)) == "from grey8 mean 1 deviation (-1)");
  // No deviation of a text: nothing is folded.
  CHECK(folded(scaled(1, "Mul", 1e9f, "Add", 0)) == "from grey8 deviation 0.00392156862745098");
}

TEST_CASE(
    "nothing is folded of what else reads the pixels, what gives them, or more than a scale and a shift") {
  const auto of = [](std::vector<onnx::Node> nodes) {
    return of_bytes({1, 3, 2, 2}, std::move(nodes), {{"s", scalar(2)}});
  };
  const std::string levels = "from rgb8 deviation 0.00392156862745098";
  CHECK(folded(of({cast("x", "a"), node("Mul", {"a", "s"}, {"b"}), node("Relu", {"b"}, {"c"}),
                   node("Add", {"a", "c"}, {"y"})})) == levels);
  CHECK(folded(of({cast("x", "a"), node("Mul", {"a", "s"}, {"y"})})) == levels);
  CHECK(folded(of({cast("x", "a"), node("Relu", {"a"}, {"b"}), node("Mul", {"b", "s"}, {"y"})})) == levels);
}

TEST_CASE("no pictures are read where a model reads floats, other numbers, or other channels") {
  Model m = channels_first();
  m.inputs[0].type = "float";
  CHECK(folded(m) == "");
  m.inputs[0].type = "int8";
  CHECK(folded(m) == "");
  const auto of = [](Dims dims) {
    return pixels_of(translated(of_bytes(std::move(dims), {cast("x", "a"), node("Relu", {"a"}, {"y"})}, {})));
  };
  CHECK(of({1, 4, 2, 2}) == "");
  CHECK(of({1, 3}) == "");
  CHECK(of({1, 1, 2, 2}) == "from grey8 deviation 0.00392156862745098");
}
