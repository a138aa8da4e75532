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

// x through Transpose to channels last, the node, which takes "a" to "b", and back.
Model channels_last(Dims x, const onnx::Node& middle) {
  return model({value("x", std::move(x))},
               {node("Transpose", {"x"}, {"a"}, {{"perm", Sizes{0, 2, 3, 1}}}), middle,
                node("Transpose", {"b"}, {"y"}, {{"perm", Sizes{0, 3, 1, 2}}})},
               {"y"});
}

// 0, 2, 4, …
Constant every_second(int64_t count) {
  std::vector<int64_t> values;
  for (int64_t i = 0; i < count; ++i) values.push_back(2 * i);
  return integers(std::move(values));
}

}  // namespace

TEST_CASE("channels are joined, wherever their axis is") {
  const auto concat = [](const std::string& from, int64_t axis, const std::string& to) {
    return node("Concat", {from, from}, {to}, {{"axis", axis}});
  };
  const std::vector<float> x = counting(4);
  const Values joined = {1, 2, 3, 4, 1, 2, 3, 4};
  CHECK(run(model({value("x", {1, 2, 1, 2})}, {concat("x", 1, "y")}, {"y"}), {x}) == joined);
  CHECK(run(model({value("x", {1, 2, 1, 2})}, {concat("x", -3, "y")}, {"y"}), {x}) == joined);
  CHECK(run(channels_last({1, 2, 1, 2}, concat("a", 3, "b")), {x}) == joined);
  CHECK(run(model({value("x", {1, 4})}, {concat("x", 1, "y")}, {"y"}), {x}) == joined);
  const Model batches = model({value("x", {-1, 2, 3, 2})}, {concat("x", 0, "y")}, {"y"});
  CHECK(errors_of(batches, {2, {}}) ==
        "Concat 'y': it works along axis 0, the batch; hint: cnnc computes each image of a batch alone");
}

TEST_CASE("heads of N x C x HW are joined as maps where they are of one size, N x HW x C are not moved") {
  const Model m =
      model({value("x", {1, 2, 2, 2})},
            {node("Reshape", {"x", "s"}, {"a"}), node("Concat", {"a", "a"}, {"b"}, {{"axis", int64_t{1}}}),
             node("Relu", {"b"}, {"y"})},
            {"y"}, {{"s", integers({1, 2, 4})}});
  CHECK(operators(m) == "concat relu");
}

TEST_CASE("a split of equal parts is split, of others slices; opset 11 has its sizes as an attribute") {
  const auto split = [](std::vector<std::string> in, std::map<std::string, onnx::Attribute> a) {
    a.emplace("axis", int64_t{1});
    return std::vector<onnx::Node>{node("Split", std::move(in), {"a", "b"}, std::move(a)),
                                   node("Relu", {"a"}, {"y"}), node("Relu", {"b"}, {"z"})};
  };
  const ValueInfo x = value("x", {1, 4, 1, 1});
  const Network equal = translated(model({x}, split({"x"}, {}), {"y", "z"}));
  CHECK(operators_of(equal) == "split split relu relu");
  CHECK(run(equal, {{1, 2, 3, 4}}) == std::vector<Values>{{1, 2}, {3, 4}});
  const Network uneven = translated(model({x}, split({"x", "s"}, {}), {"y", "z"}, {{"s", integers({1, 3})}}));
  CHECK(run(uneven, {{1, 2, 3, 4}}) == std::vector<Values>{{1}, {2, 3, 4}});
  Model old = model({x}, split({"x"}, {{"split", Sizes{3, 1}}}), {"y", "z"});
  old.opset = 11;
  CHECK(run(translated(old), {{1, 2, 3, 4}}) == std::vector<Values>{{1, 2, 3}, {4}});
  CHECK(refuses(model({x}, split({"x", "s"}, {}), {"y", "z"}, {{"s", integers({1, 2})}}),
                "its 1x2 parts do not make up an axis of 4 elements"));
}

TEST_CASE("since opset 18 a split into a number of parts may have a smaller last one") {
  const auto split = [](int64_t channels, int64_t count) {
    return model({value("x", {1, channels, 1, 1})},
                 {node("Split", {"x"}, {"a", "b", "c", "d"}, {{"axis", int64_t{1}}, {"num_outputs", count}}),
                  node("Concat", {"d", "c", "b", "a"}, {"y"}, {{"axis", int64_t{1}}})},
                 {"y"});
  };
  CHECK(run(split(8, 4), {counting(8)}) == Values{7, 8, 5, 6, 3, 4, 1, 2});
  CHECK(run(split(7, 4), {counting(7)}) == Values{7, 5, 6, 3, 4, 1, 2});
  CHECK(errors_of(split(5, 4)) == "Split 'a': an axis of 5 elements has no 4 parts");
  CHECK(errors_of(split(8, 3)) == "Split 'a': its 'num_outputs' is 3, and it has 4 outputs");
  CHECK(errors_of(split(8, -4)) == "Split 'a': its 'num_outputs' is -4, and it has 4 outputs");
}

TEST_CASE("slices of channels: from either end, beyond it, and each second one") {
  const auto slice = [](int64_t begin, int64_t end, int64_t axis, int64_t step) {
    return model_of("Slice", {1, 4, 1, 2},
                    {integers({begin}), integers({end}), integers({axis}), integers({step})});
  };
  const std::vector<float> x = counting(8);
  CHECK(run(slice(1, 3, 1, 1), {x}) == Values{3, 4, 5, 6});
  CHECK(run(slice(-1, INT64_MAX, -3, 1), {x}) == Values{7, 8});
  CHECK(run(slice(1, 4, 1, 2), {x}) == Values{3, 4, 7, 8});
  CHECK(run(slice(0, 4, 1, 3), {x}) == Values{1, 2, 7, 8});
  CHECK(run(slice(-1, INT64_MIN, 1, -1), {x}) == Values{7, 8, 5, 6, 3, 4, 1, 2});
  CHECK(operators(slice(1, 4, 1, 2)) == "channel_shuffle split");
}

TEST_CASE("slices of rows and columns are crops") {
  const auto slice = [](int64_t begin, int64_t end, int64_t step) {
    return model_of("Slice", {1, 1, 5, 2},
                    {integers({begin}), integers({end}), integers({2}), integers({step})});
  };
  const std::vector<float> x = counting(10);
  CHECK(run(slice(0, 9, 2), {x}) == Values{1, 2, 5, 6, 9, 10});
  CHECK(operators(slice(0, 9, 2)) == "crop");
  CHECK(run(slice(1, 9, 2), {x}) == Values{3, 4, 7, 8});
  CHECK(operators(slice(1, 9, 2)) == "crop");
  CHECK(run(slice(1, 4, 1), {x}) == Values{3, 4, 5, 6, 7, 8});
  CHECK(run(slice(3, 4, 2), {x}) == Values{7, 8});
  CHECK(run(slice(0, 2, 1), {x}) == Values{1, 2, 3, 4});
  CHECK(run(slice(0, 4, 3), {x}) == Values{1, 2, 7, 8});
  CHECK(run(slice(-1, 9, 1), {x}) == Values{9, 10});
  CHECK(refuses(slice(4, 4, 1), "nothing is left of axis 2"));
  CHECK(run(slice(-1, -6, -1), {x}) == Values{9, 10, 7, 8, 5, 6, 3, 4, 1, 2});
  CHECK(operators(slice(-1, -6, -1)) == "flip");
}

TEST_CASE("one row of a map, without its axis, is N x C x W") {
  CHECK(run(model({value("x", {1, 2, 3, 2})},
                  {node("Gather", {"x", "i"}, {"a"}, {{"axis", int64_t{2}}}),
                   node("MaxPool", {"a"}, {"y"}, {{"kernel_shape", Sizes{2}}})},
                  {"y"}, {{"i", integers({}, {1})}}),
            {counting(12)}) == Values{4, 10});
}

TEST_CASE("gathered channels are slices, one where they follow each other; a single one has no axis") {
  CHECK(run(model_of("Gather", {1, 4, 1, 1}, {integers({1, 2})}, {{"axis", int64_t{1}}}), {counting(4)}) ==
        Values{2, 3});
  CHECK(run(model({value("x", {1, 3, 2, 2})},
                  {node("Gather", {"x", "i"}, {"a"}, {{"axis", int64_t{1}}}),
                   node("Unsqueeze", {"a", "one"}, {"b"}), node("GlobalMaxPool", {"b"}, {"y"})},
                  {"y"}, {{"i", integers({}, {-1})}, {"one", integers({1})}}),
            {counting(12)}) == Values{12});
  CHECK(run(model_of("Gather", {1, 4, 1, 1}, {integers({2, 3, -4})}, {{"axis", int64_t{1}}}),
            {counting(4)}) == Values{3, 4, 1});
  CHECK(operators(model_of("Gather", {1, 200, 1, 1}, {every_second(100)}, {{"axis", int64_t{1}}})) == "crop");
  CHECK(refuses(model_of("Gather", {1, 4, 1, 1}, {integers({4})}, {{"axis", int64_t{1}}}),
                "its index 4 is outside of an axis of 4 elements"));
}

TEST_CASE("depth to space in both orders, and back") {
  const auto d2s = [](const char* mode) {
    return model_of("DepthToSpace", {1, 8, 1, 1}, {},
                    {{"blocksize", int64_t{2}}, {"mode", std::string(mode)}});
  };
  CHECK(run(d2s("DCR"), {counting(8)}) == Values{1, 3, 5, 7, 2, 4, 6, 8});
  CHECK(run(d2s("CRD"), {counting(8)}) == Values{1, 2, 3, 4, 5, 6, 7, 8});
  CHECK(run(model_of("SpaceToDepth", {1, 2, 2, 2}, {}, {{"blocksize", int64_t{2}}}),
            {{1, 3, 5, 7, 2, 4, 6, 8}}) == Values{1, 2, 3, 4, 5, 6, 7, 8});
  CHECK(refuses(model_of("DepthToSpace", {1, 6, 1, 1}, {}, {{"blocksize", int64_t{2}}}),
                "its blocks of 2 do not divide 6 channels"));
  CHECK(refuses(model_of("DepthToSpace", {1, 6, 1, 1}, {}, {{"blocksize", INT64_MAX}}), "do not divide"));
}

TEST_CASE("softmax over channels wherever they are; before opset 13 over all that follows its axis") {
  const auto softmax = node("Softmax", {"a"}, {"b"}, {{"axis", int64_t{-1}}});
  CHECK(operators(channels_last({1, 3, 2, 2}, softmax)) == "softmax");
  CHECK(operators(model_of("LogSoftmax", {1, 3, 2, 2}, {}, {{"axis", int64_t{1}}})) == "log_softmax");
  Model old = model_of("Softmax", {1, 3, 1, 2});
  old.opset = 11;
  CHECK(operators(old) == "flatten softmax");
}
