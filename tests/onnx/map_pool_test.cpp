#include <doctest/doctest.h>

#include "model_fixture.h"

using namespace cnnc;
using namespace cnnc::onnx;
using namespace cnnc::onnx::test;

namespace {

using Sizes = std::vector<int64_t>;

bool refuses(const Model& m, const std::string& why) {
  return errors_of(m).find(why) != std::string::npos;
}

}  // namespace

TEST_CASE("maxpool of one dimension and of two") {
  CHECK(run(model_of("MaxPool", {1, 1, 5}, {}, {{"kernel_shape", Sizes{2}}, {"strides", Sizes{2}}}),
            {{1, 5, 2, 4, 9}}) == Values{5, 4});
  CHECK(run(model_of("MaxPool", {1, 1, 2, 3}, {}, {{"kernel_shape", Sizes{2, 2}}}), {counting(6)}) ==
        Values{5, 6});
  CHECK(run(model_of("MaxPool", {1, 1, 1, 5}, {},
                     {{"kernel_shape", Sizes{1, 2}}, {"strides", Sizes{1, 2}}, {"ceil_mode", int64_t{1}}}),
            {counting(5)}) == Values{2, 4, 5});
  CHECK(run(model_of("MaxPool", {1, 1, 1, 4}, {},
                     {{"kernel_shape", Sizes{1, 3}},
                      {"auto_pad", std::string("SAME_LOWER")},
                      {"strides", Sizes{1, 2}}}),
            {counting(4)}) == Values{2, 4});
}

TEST_CASE("N x C x L of a map's rows is pooled as they lie") {
  const Model m = model({value("x", {1, 1, 4, 1})},
                        {node("Relu", {"x"}, {"r"}), node("Squeeze", {"r", "last"}, {"l"}),
                         node("MaxPool", {"l"}, {"y"}, {{"kernel_shape", Sizes{2}}, {"pads", Sizes{1, 0}}})},
                        {"y"}, {{"last", integers({3})}});
  CHECK(operators_of(translated(m)) == "relu maxpool");
  CHECK(run(m, {{4, 1, 2, 3}}) == Values{4, 4, 2, 3});
}

TEST_CASE("a maxpool whose indices have a name, and no reader, is one") {
  const Model m =
      model({value("x", {1, 1, 2, 2})},
            {node("MaxPool", {"x"}, {"y", "i"}, {{"kernel_shape", Sizes{2, 2}}}), node("Foo", {"i"}, {"z"})},
            {"y"});
  CHECK(run(m, {{1, 4, 2, 3}}) == Values{4});
}

TEST_CASE("an average counts padding where the model says so") {
  std::map<std::string, onnx::Attribute> a = {{"kernel_shape", Sizes{1, 2}}, {"pads", Sizes{0, 1, 0, 0}}};
  CHECK(run(model_of("AveragePool", {1, 1, 1, 2}, {}, a), {{4, 8}}) == Values{4, 6});
  a.emplace("count_include_pad", int64_t{1});
  CHECK(run(model_of("AveragePool", {1, 1, 1, 2}, {}, a), {{4, 8}}) == Values{2, 6});
  a["strides"] = Sizes{1, 2};
  a["ceil_mode"] = int64_t{1};
  CHECK(refuses(model_of("AveragePool", {1, 1, 1, 2}, {}, a),
                "its 'ceil_mode' makes windows that reach beyond the padding, which it counts"));
}

TEST_CASE("since opset 19 an average may leave elements out between those that it takes") {
  std::map<std::string, onnx::Attribute> a = {
      {"kernel_shape", Sizes{1, 2}}, {"dilations", Sizes{1, 2}}, {"pads", Sizes{0, 1, 0, 1}}};
  CHECK(run(model_of("AveragePool", {1, 1, 1, 4}, {}, a), {{2, 4, 6, 8}}) == Values{4, 4, 6, 6});
  a["count_include_pad"] = int64_t{1};
  CHECK(run(model_of("AveragePool", {1, 1, 1, 4}, {}, a), {{2, 4, 6, 8}}) == Values{2, 4, 6, 3});
  a["auto_pad"] = std::string("SAME_LOWER");
  CHECK(run(model_of("AveragePool", {1, 1, 1, 4}, {}, a), {{2, 4, 6, 8}}) == Values{2, 4, 6, 3});
}

TEST_CASE("windows that would begin in the padding behind are none, as opset 22 says") {
  const std::map<std::string, onnx::Attribute> a = {{"kernel_shape", Sizes{1, 2}},
                                                    {"strides", Sizes{1, 2}},
                                                    {"pads", Sizes{0, 0, 0, 1}},
                                                    {"ceil_mode", int64_t{1}}};
  CHECK(run(model_of("MaxPool", {1, 1, 1, 4}, {}, a), {{1, 2, 3, 4}}) == Values{2, 4});
  CHECK(run(model_of("AveragePool", {1, 1, 1, 4}, {}, a), {{1, 2, 3, 4}}) == Values{1.5, 3.5});
}

TEST_CASE("means and maxima over rows and columns") {
  const std::vector<float> x = counting(12);  // 2 channels of 2 x 3
  const Dims dims = {1, 2, 2, 3};
  CHECK(run(model_of("GlobalAveragePool", dims), {x}) == Values{3.5, 9.5});
  CHECK(run(model_of("GlobalMaxPool", dims), {x}) == Values{6, 12});
  CHECK(run(model_of("ReduceMean", dims, {}, {{"axes", Sizes{-2, -1}}, {"keepdims", int64_t{0}}}), {x}) ==
        Values{3.5, 9.5});
  CHECK(run(model_of("ReduceMax", dims, {}, {{"axes", Sizes{3}}}), {x}) == Values{3, 6, 9, 12});
  CHECK(run(model_of("ReduceMean", dims, {}, {{"axes", Sizes{2}}}), {x}) ==
        Values{2.5, 3.5, 4.5, 8.5, 9.5, 10.5});
}

TEST_CASE("the mean of N x H x W x C over its middle is the same pool") {
  const Model m = model({value("x", {1, 2, 2, 3})},
                        {node("Transpose", {"x"}, {"a"}, {{"perm", Sizes{0, 2, 3, 1}}}),
                         node("ReduceMean", {"a"}, {"y"}, {{"axes", Sizes{1, 2}}, {"keepdims", int64_t{0}}})},
                        {"y"});
  const Network network = translated(m);
  CHECK(operators_of(network).find("global_avgpool") == 0);
  CHECK(run(network, {counting(12)})[0] == Values{3.5, 9.5});
}

TEST_CASE("lrn of an odd size; ONNX and PyTorch differ for even ones") {
  CHECK(run(model_of("LRN", {1, 3, 1, 1}, {},
                     {{"size", int64_t{3}}, {"alpha", 3.0F}, {"beta", 1.0F}, {"bias", 1.0F}}),
            {{1, 2, 2}}) == Values{1.0 / 6, 2.0 / 10, 2.0 / 9});
  CHECK(refuses(model_of("LRN", {1, 3, 1, 1}, {}, {{"size", int64_t{4}}}), "its size 4 is even"));
}

TEST_CASE("padding of rows and columns, as an attribute and as an input") {
  const Values bordered = {7, 1, 2, 7, 3, 4};
  Model old = model_of("Pad", {1, 1, 2, 2}, {}, {{"pads", Sizes{0, 0, 0, 1, 0, 0, 0, 0}}, {"value", 7.0F}});
  old.opset = 10;
  CHECK(run(old, {counting(4)}) == bordered);
  CHECK(run(model_of("Pad", {1, 1, 2, 2}, {integers({0, 0, 0, 1, 0, 0, 0, 0}), scalar(7)}), {counting(4)}) ==
        bordered);
  CHECK(run(model_of("Pad", {1, 1, 1, 3}, {integers({0, 0, 0, 2, 0, 0, 0, 0})},
                     {{"mode", std::string("reflect")}}),
            {counting(3)}) == Values{3, 2, 1, 2, 3});
  CHECK(run(model_of("Pad", {1, 1, 3}, {integers({0, 0, 1, 0, 0, 1})}, {{"mode", std::string("edge")}}),
            {counting(3)}) == Values{1, 1, 2, 3, 3});
  CHECK(errors_of(model_of("Pad", {-1, 1, 2, 2}, {integers({1, 0, 0, 0, 0, 0, 0, 0})}), {2, {}}) ==
        "Pad 'y': it pads the batch; hint: cnnc computes each image of a batch alone");
}

TEST_CASE("padding of some axes, since opset 18") {
  const auto padded = [](Dims pads, Dims axes) {
    return model_of("Pad", {1, 1, 2, 2}, {integers(std::move(pads)), scalar(7), integers(std::move(axes))});
  };
  CHECK(run(padded({1, 0}, {3}), {counting(4)}) == Values{7, 1, 2, 7, 3, 4});
  CHECK(run(padded({0, 1, 1, 0}, {-2, -1}), {counting(4)}) == Values{7, 1, 2, 7, 3, 4, 7, 7, 7});
  CHECK(errors_of(padded({0, 0, 0, 1, 0, 0, 0, 0}, {3})) ==
        "Pad 'y': it has 8 numbers of padding for 1 axes");
  CHECK(errors_of(padded({1, 0}, {4})) == "Pad 'y': its axis 4 does not exist: the input has 4 dimensions");
  CHECK(errors_of(model_of("Pad", {1, 1, 1, 2}, {integers({0, 0, 0, 1, 0, 0, 0, 0})},
                           {{"mode", std::string("mirror")}})) ==
        "Pad 'y': its mode 'mirror' is none of constant, reflect, edge and wrap");
}

TEST_CASE("since opset 18 a reduction's axes are an input, without which it may be told to do nothing") {
  const Dims dims = {1, 1, 2, 2};
  CHECK(run(model_of("ReduceMean", dims, {integers({2, 3})}), {counting(4)}) == Values{2.5});
  CHECK(run(model_of("ReduceMax", dims, {integers({3})}), {counting(4)}) == Values{2, 4});
  Model none = model_of("ReduceMean", dims, {integers({})}, {{"noop_with_empty_axes", int64_t{1}}});
  none.nodes.push_back(node("Relu", {"y"}, {"z"}));
  none.outputs[0].name = "z";
  CHECK(operators_of(translated(none)) == "relu");
  CHECK(run(none, {counting(4)}) == Values{1, 2, 3, 4});
  none.nodes[0].inputs.pop_back();
  CHECK(operators_of(translated(none)) == "relu");
  none.nodes[0].attributes.clear();
  CHECK(run(none, {counting(4)}) == Values{2.5});
}

TEST_CASE("padding below 0 crops: rows, columns, channels; what is above 0 is added to what is left") {
  const auto padded = [](Dims x, Dims pads, const char* mode = "constant") {
    return model_of("Pad", std::move(x), {integers(std::move(pads))}, {{"mode", std::string(mode)}});
  };
  CHECK(run(padded({1, 1, 3, 3}, {0, 0, -1, 0, 0, 0, 0, -1}), {counting(9)}) == Values{4, 5, 7, 8});
  CHECK(run(padded({1, 1, 4}, {0, 0, -1, 0, 0, -2}), {counting(4)}) == Values{2});
  CHECK(run(padded({1, 3, 1, 1}, {0, -1, 0, 0, 0, 0, 0, 0}), {counting(3)}) == Values{2, 3});
  CHECK(run(padded({1, 1, 1, 3}, {0, 0, 0, -1, 0, 0, 0, 2}), {counting(3)}) == Values{2, 3, 0, 0});
  CHECK(run(padded({1, 1, 1, 4}, {0, 0, 0, -1, 0, 0, 0, 2}, "reflect"), {counting(4)}) ==
        Values{2, 3, 4, 3, 2});
  CHECK(errors_of(padded({1, 1, 2, 2}, {0, 0, -1, 0, 0, 0, -1, 0})) == "Pad 'y': nothing is left of axis 2");
  CHECK(errors_of(padded({1, 1, 2, 2}, {0, 0, int64_t{1} << 62, 0, 0, 0, 0, 0})) ==
        "Pad 'y': its padding is 0x0x4611686018427387904x0x0x0x0x0");
}

TEST_CASE("padding of N x H x W x C is of its rows and columns") {
  const Model m =
      model({value("x", {1, 1, 1, 2})},
            {node("Transpose", {"x"}, {"a"}, {{"perm", Sizes{0, 2, 3, 1}}}), node("Pad", {"a", "p"}, {"b"}),
             node("Transpose", {"b"}, {"y"}, {{"perm", Sizes{0, 3, 1, 2}}})},
            {"y"}, {{"p", integers({0, 0, 1, 0, 0, 0, 0, 0})}});
  CHECK(run(m, {{1, 2}}) == Values{0, 1, 2});
}
