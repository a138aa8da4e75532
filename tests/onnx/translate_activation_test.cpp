#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <utility>

#include "graph/attributes.h"
#include "model_fixture.h"

using namespace cnnc;
using namespace cnnc::onnx;
using namespace cnnc::onnx::test;

namespace {

const std::vector<float> kSome = {-7, -3, -1.5f, -0.25f, 0, 0.25f, 1.5f, 3, 7};

using Function = std::function<double(double)>;

// Whether the operator is that function, here and under other dimensions than the tensor's own.
bool is_function(const std::string& op, const std::map<std::string, Attribute>& attributes,
                 const Function& function) {
  Values expected;
  for (const float x : kSome) expected.push_back(function(x));
  return close(run(model_of(op, {1, 9}, {}, attributes), {kSome}), expected);
}

std::string operator_of(const Model& model) {
  return operators_of(translated(model));
}

double clamp(double x, double least, double greatest) {
  return std::min(std::max(x, least), greatest);
}

}  // namespace

TEST_CASE("activations are what ONNX defines, with its defaults") {
  CHECK(is_function("Relu", {}, [](double x) { return std::max(x, 0.0); }));
  CHECK(is_function("Sigmoid", {}, [](double x) { return 1 / (1 + std::exp(-x)); }));
  CHECK(is_function("Tanh", {}, [](double x) { return std::tanh(x); }));
  CHECK(is_function("Softplus", {}, [](double x) { return std::log1p(std::exp(x)); }));
  CHECK(is_function("LeakyRelu", {}, [](double x) { return x > 0 ? x : 0.01 * x; }));
  CHECK(is_function("LeakyRelu", {{"alpha", 0.2f}}, [](double x) { return x > 0 ? x : 0.2 * x; }));
  CHECK(is_function("Elu", {{"alpha", 2.0f}}, [](double x) { return x > 0 ? x : 2 * std::expm1(x); }));
  CHECK(is_function("Celu", {{"alpha", 2.0f}}, [](double x) { return x > 0 ? x : 2 * std::expm1(x / 2); }));
  CHECK(is_function("ThresholdedRelu", {}, [](double x) { return x > 1 ? x : 0; }));
  CHECK(is_function("ThresholdedRelu", {{"alpha", -2.0f}}, [](double x) { return x > -2 ? x : 0; }));
  CHECK(is_function("Shrink", {}, [](double x) { return std::fabs(x) > 0.5 ? x : 0; }));
  CHECK(is_function("Shrink", {{"lambd", 1.5f}, {"bias", 2.0f}}, [](double x) {
    return x > 1.5 ? x - 2 : x < -1.5 ? x + 2 : 0;
  }));
  CHECK(is_function("Softsign", {}, [](double x) { return x / (1 + std::fabs(x)); }));
  CHECK(is_function("Selu", {{"alpha", 2.0f}, {"gamma", 3.0f}},
                    [](double x) { return 3 * (x > 0 ? x : 2 * std::expm1(x)); }));
  CHECK(is_function("HardSigmoid", {}, [](double x) { return clamp(0.2 * x + 0.5, 0, 1); }));
  CHECK(is_function("HardSigmoid", {{"alpha", 1.0f / 6}}, [](double x) { return clamp(x / 6 + 0.5, 0, 1); }));
  CHECK(is_function("HardSwish", {}, [](double x) { return x * clamp(x / 6 + 0.5, 0, 1); }));
  CHECK(is_function("Neg", {}, [](double x) { return -x; }));
  CHECK(is_function("Abs", {}, [](double x) { return std::fabs(x); }));
  CHECK(is_function("Mish", {}, [](double x) { return x * std::tanh(std::log1p(std::exp(x))); }));
  CHECK(is_function("Gelu", {}, [](double x) { return x / 2 * (1 + std::erf(x / std::sqrt(2))); }));
  CHECK(is_function("Gelu", {{"approximate", std::string("tanh")}}, [](double x) {
    return x / 2 * (1 + std::tanh(std::sqrt(2 / std::acos(-1)) * (x + 0.044715 * x * x * x)));
  }));
  CHECK(errors_of(model_of("Gelu", {1, 9}, {}, {{"approximate", std::string("erf")}})) ==
        "Gelu 'y': its 'approximate' is 'erf', which ONNX does not have");
}

TEST_CASE("activations with the constants of their papers have their names") {
  CHECK(operator_of(model_of("Selu", {1, 9})) == "selu");
  CHECK(operator_of(model_of("HardSigmoid", {1, 9}, {}, {{"alpha", 1.0f / 6}})) == "hardsigmoid");
  CHECK(operator_of(model_of("HardSigmoid", {1, 9})) == "hardsigmoid");
}

TEST_CASE("a celu and a shrink have the signs that their layers allow") {
  CHECK(operator_of(model_of("Celu", {1, 9}, {}, {{"alpha", 2.0f}})) == "celu");
  CHECK(errors_of(model_of("Celu", {1, 9}, {}, {{"alpha", -2.0f}})) ==
        "Celu 'y': its 'alpha' is -2; it must be positive");
  CHECK(errors_of(model_of("Shrink", {1, 9}, {}, {{"lambd", -1.0f}})) ==
        "Shrink 'y': 'lambda' of 'shrink' would be -1; it may be from 0 to 3.4028234663852886e+38");
}

TEST_CASE("attributes become the numbers that were meant, not those of floats") {
  const Network net = translated(model_of("LeakyRelu", {1, 9}, {}, {{"alpha", 0.1f}}));
  CHECK(cnnc::real(net.graph.nodes.back().attributes, "slope") == 0.1);
}

TEST_CASE("a hardsigmoid has the slope of its model, and that of its paper where it is rounded") {
  const auto slope = [](float alpha) {
    const Network net = translated(model_of("HardSigmoid", {1, 9}, {}, {{"alpha", alpha}}));
    return cnnc::real(net.graph.nodes.back().attributes, "slope");
  };
  CHECK(slope(0.2f) == 0.2);
  CHECK(slope(0.1666667f) == 1.0 / 6);
  CHECK(slope(0.166666f) == 1.0 / 6);
  CHECK(slope(0.1667f) == 0.1667);
}

TEST_CASE("the greatest or least of x and a number has one limit") {
  const auto limits = [](const char* op) {
    const Network net = translated(model_of(op, {1, 9}, {scalar(2)}));
    const Attributes& clip = net.graph.nodes.back().attributes;
    return std::pair(cnnc::real(clip, "min"), cnnc::real(clip, "max"));
  };
  const double none = std::numeric_limits<float>::max();
  CHECK(limits("Max") == std::pair(2.0, none));
  CHECK(limits("Min") == std::pair(-none, 2.0));
}

TEST_CASE("a clip is called what its limits make of it") {
  const auto clip = [](std::vector<Constant> limits) {
    return operator_of(model_of("Clip", {1, 9}, limits));
  };
  CHECK(clip({scalar(0), scalar(6)}) == "relu6");
  CHECK(clip({scalar(0)}) == "relu");
  CHECK(clip({scalar(-1), scalar(1)}) == "clip");
  CHECK(clip({floats({1}, {0}), scalar(INFINITY)}) == "relu");
  CHECK(operator_of(model_of("Max", {1, 9}, {scalar(0)})) == "relu");
  CHECK(run(model_of("Min", {1, 9}, {scalar(1)}), {kSome}) == Values{-7, -3, -1.5, -0.25, 0, 0.25, 1, 1, 1});
  CHECK(errors_of(model_of("Clip", {1, 9}, {floats({2}, {0, 1})})) ==
        "Clip 'y': its limit has 2 values; one for all elements is possible");
}

TEST_CASE("a limit or an attribute that is not a number is refused, beside others as well") {
  const std::string kNoNumber =
      "; hint: what it meets is no number either: correct the constant, or take a checkpoint from before";
  for (const std::string op : {"Max", "Min"}) {
    const std::string why = op + " 'y': a limit of it is not a number" + kNoNumber;
    CHECK(errors_of(model_of(op, {1, 9}, {scalar(NAN)})) == why);
    CHECK(errors_of(model_of(op, {1, 9}, {scalar(NAN), scalar(0)})) == why);
    CHECK(errors_of(model_of(op, {1, 9}, {scalar(0), scalar(NAN)})) == why);
    CHECK(errors_of(model({value("x", {1, 9})}, {node("Relu", {"x"}, {"r"}), node(op, {"r", "c"}, {"y"})},
                          {"y"}, {{"c", scalar(NAN)}})) ==
          why + "; to compile what stands in front of it, add --output r");
  }
  CHECK(errors_of(model_of("Clip", {1, 9}, {scalar(NAN)})) ==
        std::string("Clip 'y': a limit of it is not a number") + kNoNumber);
  CHECK(errors_of(model_of("Gemm", {1, 1}, {floats({1, 1}, {2})}, {{"alpha", NAN}})) ==
        std::string("Gemm 'y': an attribute of it is not a number") + kNoNumber);
  CHECK(errors_of(model_of("Gemm", {1, 1}, {floats({1, 1}, {2}), scalar(1)}, {{"beta", NAN}})) ==
        std::string("Gemm 'y': an attribute of it is not a number") + kNoNumber);
  CHECK(errors_of(model_of("Selu", {1, 9}, {}, {{"gamma", NAN}})) ==
        std::string("Selu 'y': an attribute of it is not a number") + kNoNumber);
  CHECK(errors_of(model_of("PRelu", {1, 9}, {scalar(NAN)})).find("PRelu 'y': its constant 'c0' holds nan") ==
        0);
}

TEST_CASE("limits that leave one value of all are refused where it is infinite, and hold where it is not") {
  const auto why = [](const char* op, std::vector<Constant> limits) {
    return errors_of(model_of(op, {1, 9}, std::move(limits)));
  };
  const auto makes = [](const std::string& op, const std::string& value) {
    return op + " 'y': its limits make " + value +
           " of every number; hint: the result is a constant then: correct the limits, or leave them out";
  };
  CHECK(why("Max", {scalar(INFINITY)}) == makes("Max", "inf"));
  CHECK(why("Min", {scalar(-INFINITY)}) == makes("Min", "-inf"));
  CHECK(why("Clip", {scalar(INFINITY), scalar(INFINITY)}) == makes("Clip", "inf"));
  CHECK(why("Clip", {scalar(3), scalar(-INFINITY)}) == makes("Clip", "-inf"));
  CHECK(run(model_of("Clip", {1, 9}, {scalar(INFINITY), scalar(2)}), {kSome}) == Values(9, 2));
  CHECK(run(model_of("Clip", {1, 9}, {scalar(5), scalar(2)}), {kSome}) == Values(9, 2));
}

TEST_CASE("until opset 10 a clip's limits are attributes") {
  Model net = model_of("Clip", {1, 9}, {}, {{"min", 0.0f}, {"max", 6.0f}});
  net.opset = 10;
  CHECK(operator_of(net) == "relu6");
}

TEST_CASE("a clip without limits is nothing, and clips in a row are one") {
  const Model net =
      model({value("x", {1, 9})},
            {node("Relu", {"x"}, {"a"}), node("Clip", {"a"}, {"b"}), node("Min", {"six", "b"}, {"y"})}, {"y"},
            {{"six", scalar(6)}});
  CHECK(operator_of(net) == "relu6");
}

TEST_CASE("slopes of prelu are one for all or one a channel") {
  const std::vector<std::vector<float>> x = {{-1, 1, -2, 2}};
  CHECK(run(model_of("PRelu", {1, 2, 1, 2}, {floats({2, 1, 1}, {0.5f, 0.25f})}), x) ==
        Values{-0.5, 1, -0.5, 2});
  CHECK(run(model_of("PRelu", {1, 2, 1, 2}, {floats({1}, {0.5f})}), x) == Values{-0.5, 1, -1, 2});
  CHECK(run(model_of("PRelu", {1, 4}, {floats({4}, {1, 1, 3, 1})}), x) == Values{-1, 1, -6, 2});
}

TEST_CASE("dropout is kept, as a layer that does nothing; one that trains is refused") {
  const Network net = translated(model_of("Dropout", {1, 9}, {scalar(0.25f)}));
  CHECK(operators_of(net) == "dropout");
  CHECK(cnnc::real(net.graph.nodes.back().attributes, "p") == 0.25);
  CHECK(errors_of(model_of("Dropout", {1, 9}, {scalar(0.5f), integers({}, {1})})) ==
        "Dropout 'y': it drops elements, as in training; hint: export the model for inference (PyTorch: "
        "model.eval()), or remove the node's third input");
}

TEST_CASE("an output that has no counterpart is an obstacle only where it is used") {
  Model net = model({value("x", {1, 9})}, {node("Dropout", {"x"}, {"y", "mask"})}, {"y"});
  CHECK(operator_of(net) == "dropout");
  net.outputs.push_back({"mask", "bool", std::nullopt});
  CHECK(errors_of(net) ==
        "Dropout 'y': its output number 2, 'mask', which the model uses, has no counterpart in cnnc");
}

TEST_CASE("casts between floats change nothing, others are refused") {
  const auto cast = [](int64_t to) {
    return model({value("x", {1, 2})}, {node("Cast", {"x"}, {"a"}, {{"to", to}}), node("Relu", {"a"}, {"y"})},
                 {"y"});
  };
  CHECK(operator_of(cast(11)) == "relu");
  CHECK(errors_of(cast(22)) == "Cast 'a': it makes numbers of the network something else than floats");
  CHECK(
      errors_of(cast(19)) ==
      "Cast 'a': it rounds numbers of the network to float8e5m2, and cnnc computes floats; hint: export the "
      "model before it is quantised, or remove the node: the values are others then");
}
