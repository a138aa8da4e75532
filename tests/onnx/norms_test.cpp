// Normalisations: ONNX's own operators, and the arithmetic that exporters write.
#include <doctest/doctest.h>

#include "model_fixture.h"

using namespace cnnc;
using namespace cnnc::onnx;
using namespace cnnc::onnx::test;

namespace {

using Sizes = std::vector<int64_t>;

}  // namespace

TEST_CASE("instance, group and layer normalisation, each over its axes") {
  const float small = 1e-30f;
  const std::vector<std::vector<float>> x = {{1, 3, 10, 30, 5, 1, 2, 0}};  // 4 channels of 1 x 2
  const auto norm = [&](const char* op, std::vector<Constant> further,
                        std::map<std::string, Attribute> attributes) {
    attributes.emplace("epsilon", small);
    Model m = model_of(op, {1, 4, 1, 2}, std::move(further), std::move(attributes));
    m.opset = 21;
    return m;
  };
  const Constant ones = floats({4}, {1, 1, 1, 1}), zeros = floats({4}, {0, 0, 0, 0});
  CHECK(
      close(run(norm("InstanceNormalization", {floats({4}, {1, 2, 1, 1}), floats({4}, {0, 0, 7, 0})}, {}), x),
            {-1, 1, -2, 2, 8, 6, 1, -1}));
  CHECK(operators(norm("InstanceNormalization", {ones, zeros}, {})) == "instancenorm");
  CHECK(
      close(run(norm("GroupNormalization", {floats({4}, {1, 1, 1, 10}), zeros}, {{"num_groups", int64_t{2}}}),
                {{0, 2, 2, 0, 1, 3, 3, 1}}),
            {-1, 1, 1, -1, -1, 1, 10, -10}));
  CHECK(close(run(norm("LayerNormalization", {floats({2}, {1, 2}), floats({2}, {0, 1})}, {}), x),
              {-1, 3, -1, 3, 1, -1, 1, -1}));
  CHECK(close(run(norm("RMSNormalization", {floats({2}, {1, 2})}, {}), {{7, 1, 7, 1, 1, 7, 1, 7}}),
              {1.4, 0.4, 1.4, 0.4, 0.2, 2.8, 0.2, 2.8}));
  CHECK(errors_of(norm("GroupNormalization", {ones, zeros}, {{"num_groups", int64_t{3}}})) ==
        "GroupNormalization 'y': its 3 groups do not divide 4 channels");
  CHECK(errors_of(norm("InstanceNormalization", {floats({3}, {1, 1, 1}), zeros}, {})) ==
        "InstanceNormalization 'y': its scale is 3, and one of 4x1x1 is needed");
}

namespace {

// A normalisation over these axes as an exporter writes it, with a weight and a bias of those dimensions.
Model norm_as_nodes(const Sizes& axes, const Constant& weight, const Constant& bias,
                    std::vector<std::string> outputs) {
  const auto mean = [&](const char* x, const char* y) {
    return node("ReduceMean", {x}, {y}, {{"axes", axes}});
  };
  return model({value("x", {1, 2, 2, 2})},
               {mean("x", "mean"), node("Sub", {"x", "mean"}, {"centred"}),
                node("Pow", {"centred", "two"}, {"squares"}), mean("squares", "variance"),
                node("Add", {"variance", "eps"}, {"moved"}), node("Sqrt", {"moved"}, {"root"}),
                node("Div", {"centred", "root"}, {"quotient"}),
                node("Mul", {"quotient", "weight"}, {"scaled"}), node("Add", {"scaled", "bias"}, {"y"})},
               std::move(outputs),
               {{"two", scalar(2)}, {"eps", scalar(1e-30f)}, {"weight", weight}, {"bias", bias}});
}

}  // namespace

TEST_CASE("a normalisation that is written as nodes becomes a layer, unless something else reads a part") {
  const std::vector<std::vector<float>> x = {{1, 3, 10, 30, 5, 1, 2, 0}};  // 2 x 2 x 2
  const Constant by_channel = floats({2, 1, 1}, {1, 2}), shift = floats({2, 1, 1}, {0, 5});
  const Model over_channels = norm_as_nodes({1}, by_channel, shift, {"y"});
  CHECK(operators(over_channels) == "layernorm");
  CHECK(close(run(over_channels, x), {-1, 1, 1, 1, 7, 3, 3, 3}));
  const Model over_columns = norm_as_nodes({3}, floats({2}, {1, 2}), floats({2}, {0, 5}), {"y"});
  CHECK(operators(over_columns) == "layernorm");
  CHECK(close(run(over_columns, x), {-1, 7, -1, 7, 1, 3, 1, 3}));
  CHECK(operators(norm_as_nodes({2, 3}, by_channel, shift, {"y"})) == "instancenorm");
  CHECK(operators(norm_as_nodes({2, 3}, floats({2, 2}, {1, 2, 3, 4}), floats({2, 2}, {1, 2, 3, 4}), {"y"})) ==
        "layernorm");
  CHECK(operators(norm_as_nodes({1}, floats({2}, {1, 2}), shift, {"y"}))
            .rfind("layernorm multiply_constant", 0) == 0);
  CHECK(operators(norm_as_nodes({1}, by_channel, shift, {"y", "root"})).find("layernorm") ==
        std::string::npos);
  CHECK(operators(norm_as_nodes({1}, by_channel, shift, {"y", "mean"})).find("layernorm") ==
        std::string::npos);
  CHECK(operators(norm_as_nodes({1}, by_channel, shift, {"y", "centred"})).find("layernorm") ==
        std::string::npos);
}
