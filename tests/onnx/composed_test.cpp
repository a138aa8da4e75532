// Operators that become several nodes. Expected numbers are ONNX's definitions, worked out by hand.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "model_fixture.h"

using namespace cnnc;
using namespace cnnc::onnx;
using namespace cnnc::onnx::test;

namespace {

using Sizes = std::vector<int64_t>;

onnx::Node of_runtime(onnx::Node node) {
  node.domain = "com.microsoft";
  return node;
}

// Two inputs, one node, its outputs.
Model two(onnx::Node node, Dims a, Dims b) {
  return model({value("a", std::move(a)), value("b", std::move(b))}, {std::move(node)}, {"y"});
}

Values of(const std::string& op, Dims x, std::vector<Constant> further,
          std::map<std::string, Attribute> attributes, std::vector<float> values) {
  return run(model_of(op, std::move(x), std::move(further), std::move(attributes)), {std::move(values)});
}

bool near(const Values& a, const Values& b) {
  return a.size() == b.size() && close(a, b);
}

}  // namespace

TEST_CASE("a weight that the network computes: one filter a channel is a sum of products") {
  const Model m = two(node("Conv", {"a", "b"}, {"y"}, {{"group", int64_t{2}}, {"pads", Sizes{0, 1, 0, 1}}}),
                      {1, 2, 1, 3}, {2, 1, 1, 3});
  CHECK(run(m, {{1, 2, 3, 4, 5, 6}, {1, 10, 100, 0, 1, 0}}) == Values{210, 321, 32, 4, 5, 6});
}

TEST_CASE("a weight that the network computes: filters over channels are a product of matrices") {
  const Model m =
      two(node("Conv", {"a", "b"}, {"y"}, {{"strides", Sizes{1, 2}}}), {1, 2, 1, 4}, {2, 2, 1, 2});
  CHECK(run(m, {counting(8), {1, 0, 0, 1, 1, 1, 1, 1}}) == Values{7, 11, 14, 22});
  CHECK(errors_of(two(node("Conv", {"a", "b"}, {"y"}), {2, 1, 1, 2}, {2, 1, 1, 1})) ==
        "Conv 'y': its weight is computed by the network, not a constant");
}

TEST_CASE("several maps that are no batch are convolved and pooled each for itself") {
  const Model m =
      model({value("a", {1, 2, 1, 2}), value("b", {1, 2, 1, 2})},
            {node("Concat", {"a", "b"}, {"c"}, {{"axis", int64_t{0}}}), node("Conv", {"c", "w", "s"}, {"d"}),
             node("Relu", {"d"}, {"r"}), node("MaxPool", {"r"}, {"p"}, {{"kernel_shape", Sizes{1, 2}}}),
             node("AveragePool", {"c"}, {"y"}, {{"kernel_shape", Sizes{1, 2}}})},
            {"p", "y"}, {{"w", floats({1, 2, 1, 1}, {1, -10})}, {"s", floats({1}, {100})}});
  const std::vector<Values> y = run(translated(m), {{1, 2, 3, 4}, {5, 6, 7, 8}});
  CHECK(y.at(0) == Values{71, 35});
  CHECK(y.at(1) == Values{1.5, 3.5, 5.5, 7.5});
}

TEST_CASE("several maps that are no batch are brought back to more pixels each for itself") {
  const Model m = model({value("a", {1, 1, 1, 1}), value("b", {1, 1, 1, 1})},
                        {node("Concat", {"a", "b"}, {"c"}, {{"axis", int64_t{0}}}),
                         node("ConvTranspose", {"c", "w", "s"}, {"y"}, {{"strides", Sizes{1, 2}}})},
                        {"y"}, {{"w", floats({1, 2, 1, 2}, {1, 2, 3, 4})}, {"s", floats({2}, {0, 100})}});
  CHECK(run(m, {{1}, {10}}) == Values{1, 2, 103, 104, 10, 20, 130, 140});
}

TEST_CASE("the norm of windows, and of maps") {
  const std::map<std::string, Attribute> window = {{"kernel_shape", Sizes{1, 2}}, {"strides", Sizes{1, 2}}};
  CHECK(near(of("LpPool", {1, 1, 1, 4}, {}, window, {3, 4, 5, 12}), {5, 13}));
  auto absolute = window;
  absolute["p"] = int64_t{1};
  CHECK(near(of("LpPool", {1, 1, 1, 4}, {}, absolute, {-3, 4, 5, -12}), {7, 17}));
  CHECK(near(of("GlobalLpPool", {1, 1, 1, 2}, {}, {}, {3, 4}), {5}));
  CHECK(errors_of(model_of("GlobalLpPool", {1, 1, 1, 2}, {}, {{"p", int64_t{0}}})) ==
        "GlobalLpPool 'y': its p is 0; it may be from 1 on");
}

TEST_CASE("the places of the greatest elements bring them back") {
  const std::map<std::string, Attribute> window = {{"kernel_shape", Sizes{2, 2}}, {"strides", Sizes{2, 2}}};
  const auto x = value("x", {1, 2, 2, 4});
  const Model m =
      model({x}, {node("MaxPool", {"x"}, {"v", "p"}, window), node("MaxUnpool", {"v", "p"}, {"y"}, window)},
            {"y", "p"});
  const std::vector<Values> y = run(translated(m), {{1, 5, 2, 2, 5, 0, 2, 2, 0, 0, 0, 7, 9, 0, 0, 0}});
  CHECK(y.at(0) == Values{0, 5, 2, 0, 0, 0, 0, 0, 0, 0, 0, 7, 9, 0, 0, 0});
  CHECK(y.at(1) == Values{1, 2, 12, 11});
  auto overlapping = window;
  overlapping["strides"] = Sizes{1, 1};
  CHECK(errors_of(model({x}, {node("MaxPool", {"x"}, {"v", "p"}, overlapping)}, {"v", "p"})) ==
        "MaxPool 'v': it gives the places of the greatest elements of windows that overlap, or do not fill "
        "the map; hint: without its second output it is a maxpool");
}

TEST_CASE("in training a BatchNormalization of one image has the statistics of its channels") {
  const std::vector<Constant> ones(4, floats({1}, {1}));
  CHECK(near(of("BatchNormalization", {1, 1, 1, 2}, ones, {{"training_mode", int64_t{1}}, {"epsilon", 0.0F}},
                {1, 3}),
             {0, 2}));
}

TEST_CASE("a 1 at the greatest, or at an index") {
  CHECK(of("Hardmax", {1, 3}, {}, {}, {1, 5, 5}) == Values{0, 1, 0});
  CHECK(of("OneHot", {1, 2}, {integers({3}), floats({2}, {2, 5})}, {}, {1, -1}) == Values{2, 5, 2, 2, 2, 5});
}

TEST_CASE("the greatest are sorted out one after the other, of equal ones the first") {
  Model m =
      model({value("x", {1, 4})}, {node("TopK", {"x", "k"}, {"y", "i"})}, {"y", "i"}, {{"k", integers({2})}});
  const std::vector<Values> y = run(translated(m), {{3, 7, 7, 1}});
  CHECK(y.at(0) == Values{7, 7});
  CHECK(y.at(1) == Values{1, 2});
  m.constants["k"] = integers({5});
  CHECK(errors_of(m) == "TopK 'y': it sorts out the first 5; up to 16 can be found one after the other");
}

TEST_CASE("sums of all before, triangles, and sequences backwards") {
  CHECK(of("CumSum", {1, 3}, {integers({}, {1})}, {}, {1, 2, 3}) == Values{1, 3, 6});
  CHECK(of("CumSum", {1, 3}, {integers({}, {1})}, {{"exclusive", int64_t{1}}, {"reverse", int64_t{1}}},
           {1, 2, 3}) == Values{5, 3, 0});
  CHECK(of("Trilu", {1, 2, 2}, {}, {{"upper", int64_t{0}}}, {1, 2, 3, 4}) == Values{1, 0, 3, 4});
  CHECK(of("ReverseSequence", {1, 3}, {integers({2})},
           {{"batch_axis", int64_t{0}}, {"time_axis", int64_t{1}}}, {1, 2, 3}) == Values{2, 1, 3});
}

TEST_CASE("cut and padded around the middle") {
  CHECK(of("CenterCropPad", {1, 1, 1, 4}, {integers({3, 2})}, {{"axes", Sizes{2, 3}}}, {1, 2, 3, 4}) ==
        Values{0, 0, 2, 3, 0, 0});
}

TEST_CASE("columns are put back, and what overlaps is added") {
  const Constant image = integers({1, 3}), block = integers({1, 2});
  CHECK(of("Col2Im", {1, 2, 2}, {image, block}, {}, {1, 2, 10, 20}) == Values{1, 12, 20});
}

TEST_CASE("elements are put at places that are known: parts, and places apart") {
  const auto put = [](Constant indices, Dims u, std::vector<float> values) {
    const Model m = model({value("x", {1, 4}), value("u", std::move(u))},
                          {node("ScatterND", {"x", "i", "u"}, {"y"})}, {"y"}, {{"i", std::move(indices)}});
    return run(m, {{1, 2, 3, 4}, std::move(values)});
  };
  CHECK(put(integers({1, 2, 2}, {0, 1, 0, 2}), {1, 2}, {8, 9}) == Values{1, 8, 9, 4});
  CHECK(put(integers({1, 2, 2}, {0, 0, 0, -1}), {1, 2}, {8, 9}) == Values{8, 2, 3, 9});
  CHECK(put(integers({1, 1}, {0}), {1, 4}, {6, 7, 8, 9}) == Values{6, 7, 8, 9});
  const Model diagonal =
      model({value("x", {1, 2, 2}), value("u", {1, 2})}, {node("ScatterND", {"x", "i", "u"}, {"y"})}, {"y"},
            {{"i", integers({1, 2, 3}, {0, 0, 0, 0, 1, 1})}});
  CHECK(errors_of(diagonal) ==
        "ScatterND 'y': the places that it writes are no rows and columns of a part of the tensor");
}

TEST_CASE("a scatter to no places changes nothing") {
  const Model m = model({value("x", {1, 4})}, {node("ScatterND", {"x", "i", "u"}, {"y"})}, {"y"},
                        {{"i", integers({0, 2}, {})}, {"u", floats({0}, {})}});
  CHECK(run(m, {{1, 2, 3, 4}}) == Values{1, 2, 3, 4});
}

TEST_CASE("indices that say the same everywhere else are those of a Gather, and of a scatter") {
  CHECK(of("GatherElements", {1, 2, 2}, {integers({1, 1, 2}, {1, 1})}, {{"axis", int64_t{1}}},
           {1, 2, 3, 4}) == Values{3, 4});
  CHECK(errors_of(
            model_of("GatherElements", {1, 2, 2}, {integers({1, 1, 2}, {1, 0})}, {{"axis", int64_t{1}}})) ==
        "GatherElements 'y': its indices choose other elements at each place of the other axes");
  const Model m = model({value("x", {1, 3}), value("u", {1, 1})},
                        {node("ScatterElements", {"x", "i", "u"}, {"y"}, {{"axis", int64_t{1}}})}, {"y"},
                        {{"i", integers({1, 1}, {1})}});
  CHECK(run(m, {{1, 2, 3}, {9}}) == Values{1, 9, 3});
}

TEST_CASE("functions of single elements that are made of others") {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const auto as_number = [](const char* op, std::map<std::string, Attribute> attributes,
                            std::vector<float> x) {
    const Model m = model(
        {value("x", {1, 3})},
        {node(op, {"x"}, {"t"}, std::move(attributes)), node("Cast", {"t"}, {"y"}, {{"to", int64_t{1}}})},
        {"y"});
    return run(m, {std::move(x)});
  };
  CHECK(as_number("IsInf", {}, {kInfinity, 1, -kInfinity}) == Values{1, 0, 1});
  CHECK(as_number("IsInf", {{"detect_negative", int64_t{0}}}, {kInfinity, 1, -kInfinity}) == Values{1, 0, 0});
  CHECK(as_number("IsNaN", {}, {std::nanf(""), 1, -kInfinity}) == Values{1, 0, 0});
  CHECK(near(of("Tan", {1, 1}, {}, {}, {1}), {std::tan(1.0)}));
  CHECK(near(of("Swish", {1, 1}, {}, {{"alpha", 2.0F}}, {1}), {1 / (1 + std::exp(-2.0))}));
  CHECK(of("CastLike", {1, 2}, {floats({}, {0})}, {}, {1.5, -2}) == Values{1.5, -2});
  CHECK(of("CastLike", {1, 2}, {integers({}, {0})}, {}, {1.5, -2.5}) == Values{1, -2});
}

TEST_CASE(
    "inverses of sine, cosine and tangent, and hyperbolic functions, are right from least to greatest") {
  const auto is_near = [](const char* op, double (*f)(double), std::vector<float> x) {
    CAPTURE(op);
    Values expected;
    for (const float v : x) expected.push_back(f(v));
    const Values y = of(op, {1, static_cast<int64_t>(x.size())}, {}, {}, x);
    for (size_t i = 0; i < x.size(); ++i) CHECK(y[i] == doctest::Approx(expected[i]).epsilon(1e-6));
  };
  is_near("Acos", std::acos, {-1, -0.9F, -0.3F, 0, 0.4F, 0.99F});
  is_near("Acosh", std::acosh, {1, 1.01F, 2, 1000});
  is_near("Asin", std::asin, {-1, -0.6F, -1e-4F, 0, 1e-3F, 0.5F, 1});
  is_near("Asinh", std::asinh, {-1000, -0.6F, -0.4F, 0, 1e-4F, 0.5F, 30});
  is_near("Atan", std::atan, {-1e9F, -3, -1, -0.4F, 0, 1e-4F, 0.9F, 1, 1.1F, 40});
  is_near("Atanh", std::atanh, {-0.9F, -0.5F, 0, 1e-4F, 0.49F, 0.99F});
  is_near("Cosh", std::cosh, {-5, -1, 0, 0.1F, 8});
  is_near("Sinh", std::sinh, {-5, -1, -1e-4F, 0, 0.1F, 0.99F, 8});
}

TEST_CASE("a 0 among a layer's numbers has no sign, which texts have not either") {
  const Model m =
      model({value("x", {1, 2})}, {node("IsNaN", {"x"}, {"n"}), node("Where", {"n", "zero", "x"}, {"y"})},
            {"y"}, {{"zero", scalar(0)}});
  CHECK(run(m, {{std::nanf(""), 3}}) == Values{0, 3});
  for (const cnnc::Node& node : translated(m).graph.nodes)
    for (const auto& [name, attribute] : node.attributes)
      if (const auto* number = std::get_if<double>(&attribute))
        CHECK((*number != 0 || !std::signbit(*number)));
}

TEST_CASE("nodes that ONNX Runtime has fused are what they were") {
  const Model conv = model({value("x", {1, 1, 1, 2}), value("z", {1, 1, 1, 2})},
                           {of_runtime(node("FusedConv", {"x", "w", "b", "z"}, {"y"},
                                            {{"activation", std::string("LeakyRelu")},
                                             {"activation_params", std::vector<float>{0.5F}}}))},
                           {"y"}, {{"w", floats({1, 1, 1, 1}, {2})}, {"b", floats({1}, {1})}});
  CHECK(run(conv, {{1, -4}, {1, 1}}) == Values{4, -3});
  const Model product =
      model({value("x", {1, 2})},
            {of_runtime(node("FusedMatMul", {"x", "w"}, {"y"}, {{"alpha", 0.5F}, {"transB", int64_t{1}}}))},
            {"y"}, {{"w", floats({1, 2}, {2, 4})}});
  CHECK(run(product, {{1, 1}}) == Values{3});
  const Model gelu = model({value("x", {1, 1})}, {of_runtime(node("QuickGelu", {"x"}, {"y"}))}, {"y"});
  CHECK(near(run(gelu, {{1}}), {1 / (1 + std::exp(-1.702F))}));
  const Model clip =
      model({value("x", {1, 2})},
            {of_runtime(node("FusedGemm", {"x", "w"}, {"y"}, {{"activation", std::string("Clip")}}))}, {"y"},
            {{"w", floats({2, 1}, {2, 4})}});
  CHECK(errors_of(clip) == "FusedGemm 'y': its 'activation_params' has 0 numbers; a Clip has 2");
}

TEST_CASE("older operators are what they are called since") {
  const Model product =
      model({value("a", {1, 2, 2}), value("b", {1, 2, 2})},
            {of_runtime(node("TransposeMatMul", {"a", "b"}, {"y"}, {{"transB", int64_t{1}}}))}, {"y"});
  CHECK(run(product, {{1, 2, 3, 4}, {1, 0, 0, 1}}) == Values{1, 2, 3, 4});
  CHECK(
      near(of("SimplifiedLayerNormalization", {1, 1, 2}, {floats({2}, {1, 2})}, {{"epsilon", 0.0F}}, {1, 7}),
           {0.2, 2.8}));
  const Model norm = model({value("x", {1, 1, 2}), value("s", {1, 1, 2})},
                           {of_runtime(node("SkipSimplifiedLayerNormalization", {"x", "s", "g"},
                                            {"y", "", "", "t"}, {{"epsilon", 0.0F}}))},
                           {"y", "t"}, {{"g", floats({2}, {1, 2})}});
  CHECK(near(run(translated(norm), {{1, 3}, {0, 4}}).at(0), {0.2, 2.8}));
  CHECK(run(translated(norm), {{1, 3}, {0, 4}}).at(1) == Values{1, 7});
  const Model padded = model({value("x", {1, 1, 1, 2})}, {of_runtime(node("Pad", {"x", "p"}, {"y"}))}, {"y"},
                             {{"p", integers({0, 0, 0, 1, 0, 0, 0, 0})}});
  CHECK(run(padded, {{1, 2}}) == Values{0, 1, 2});
  CHECK(near(of("ScaledTanh", {1, 1}, {}, {{"alpha", 2.0F}, {"beta", 0.5F}}, {1}), {2 * std::tanh(0.5)}));
  CHECK(near(of("ParametricSoftplus", {1, 1}, {}, {{"alpha", 2.0F}, {"beta", 0.5F}}, {1}),
             {2 * std::log1p(std::exp(0.5))}));
  onnx::Node blocked = node("Conv", {"x", "w"}, {"y"});
  blocked.domain = "com.microsoft.nchwc";
  CHECK(errors_of(model({value("x", {1, 1, 1, 1})}, {blocked}, {"y"}, {{"w", floats({1, 1, 1, 1}, {1})}})) ==
        "Conv 'y': it is of a layout that ONNX Runtime has on one machine alone; hint: save the model "
        "optimised up "
        "to ORT_ENABLE_EXTENDED, or take the one from before");
}
