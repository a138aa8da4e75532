// Models whose tensors and weights are whole numbers that stand for reals.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "model_fixture.h"

using namespace cnnc;
using namespace cnnc::onnx;
using namespace cnnc::onnx::test;

namespace {

Constant bytes(std::string type, Dims dims, std::vector<int64_t> values) {
  Constant constant = integers(std::move(dims), std::move(values));
  constant.type = std::move(type);
  return constant;
}

// What rounds a tensor to a grid.
const std::string kRounding = "batchnorm round clip batchnorm ";

Constant zero(std::string type, int64_t value) {
  return bytes(std::move(type), {}, {value});
}

// "relu1 0.5 0, …": the tensors that are stored as bytes, by the operators that compute them.
std::string tensors_of(const Network& network) {
  std::vector<std::string> tensors;
  if (!network.quantization) return "none";
  for (const auto& [id, scale] : network.quantization->tensors)
    tensors.push_back(fmt::format("{} {} {}", network.graph.nodes[static_cast<size_t>(id)].op, scale.scale,
                                  scale.zero_point));
  return fmt::format("{}", fmt::join(tensors, ", "));
}

std::vector<std::vector<float>> scales_of(const Network& network) {
  std::vector<std::vector<float>> scales;
  for (const auto& [id, of_weight] : network.quantization->weights) scales.push_back(of_weight);
  return scales;
}

// x, a 1x1 convolution of it with weights of int8, and y, each through bytes.
Model qdq_conv(const std::string& type, int64_t shift, Constant weight, Constant scale,
               Constant weight_zero) {
  return model({value("x", {1, 2, 1, 2})},
               {node("QuantizeLinear", {"x", "sx", "zx"}, {"xq"}),
                node("DequantizeLinear", {"xq", "sx", "zx"}, {"xr"}),
                node("DequantizeLinear", {"wq", "sw", "zw"}, {"w"}, {{"axis", int64_t{0}}}),
                node("DequantizeLinear", {"bq", "sb", "zb"}, {"b"}, {{"axis", int64_t{0}}}),
                node("Conv", {"xr", "w", "b"}, {"c"}), node("QuantizeLinear", {"c", "sy", "zy"}, {"cq"}),
                node("DequantizeLinear", {"cq", "sy", "zy"}, {"y"})},
               {"y"},
               {{"sx", scalar(0.5F)},
                {"zx", zero(type, 100 + shift)},
                {"wq", std::move(weight)},
                {"sw", std::move(scale)},
                {"zw", std::move(weight_zero)},
                {"bq", bytes("int32", {2}, {8, -4})},
                {"sb", floats({2}, {0.125F, 0.25F})},
                {"zb", bytes("int32", {2}, {0, 0})},
                {"sy", scalar(1)},
                {"zy", zero(type, 7 + shift)}});
}

Model plain_qdq_conv(const std::string& type = "uint8", int64_t shift = 0) {
  return qdq_conv(type, shift, bytes("int8", {2, 2, 1, 1}, {4, -8, 100, 2}), floats({2}, {0.25F, 0.5F}),
                  bytes("int8", {2}, {0, 0}));
}

}  // namespace

TEST_CASE("QuantizeLinear and DequantizeLinear are no layers: they say what is stored") {
  const Network network = translated(plain_qdq_conv());
  CHECK(operators_of(network) == "conv clip");  // what an output's bytes span
  CHECK(tensors_of(network) == "input 0.5 100, clip 1 7");
  CHECK(scales_of(network) == std::vector<std::vector<float>>{{0.25F, 0.5F}});
  CHECK(network.quantization->weight_bits == 8);
  CHECK(network.quantization->floats.empty());
  // 4 / 4 x0 - 8 / 4 x1 + 8 / 8; 100 / 2 x0 + 2 / 2 x1 - 4 / 4
  CHECK(run(network, {{1, 2, 3, 4}})[0] == Values{-4, -5, 52, 103});
}

TEST_CASE("int8 is uint8 with a zero point that is 128 more") {
  CHECK(tensors_of(translated(plain_qdq_conv("int8", -128))) == "input 0.5 100, clip 1 7");
}

TEST_CASE("weights of one scale, of uint8 about a zero point, and of seven bits") {
  const Network network = translated(qdq_conv("uint8", 0, bytes("uint8", {2, 2, 1, 1}, {128, 192, 64, 129}),
                                              scalar(0.25F), zero("uint8", 128)));
  CHECK(scales_of(network) == std::vector<std::vector<float>>{{0.25F}});
  CHECK(network.quantization->weight_bits == 7);
  CHECK(run(network, {{1, 2, 3, 4}})[0] == Values{49, 65, -7, -7});
}

TEST_CASE("a layer whose weights bytes do not hold stays in floats") {
  const Network network = translated(qdq_conv("uint8", 0, bytes("uint8", {2, 2, 1, 1}, {0, 255, 64, 129}),
                                              scalar(0.25F), zero("uint8", 10)));
  CHECK(scales_of(network).empty());
  CHECK(network.quantization->floats.size() == 1);
  CHECK(operators_of(network) == kRounding + "conv clip");
  CHECK(tensors_of(network) == "batchnorm 0.5 100, clip 1 7");
}

TEST_CASE("a layer whose input is no tensor of bytes is said nothing of") {
  const Network network = translated(
      model({value("x", {1, 1, 1, 1})},
            {node("DequantizeLinear", {"w_quantized", "s"}, {"w"}), node("Conv", {"x", "w"}, {"y"})}, {"y"},
            {{"w_quantized", bytes("int8", {1, 1, 1, 1}, {3})}, {"s", scalar(0.5F)}}));
  CHECK(operators_of(network) == "conv");
  CHECK_FALSE(network.quantization);
  CHECK(run(network, {{4}})[0] == Values{6});
}

TEST_CASE("weights are called what they were before they were quantised") {
  const Model named = model(
      {value("x", {1, 1, 1, 1})},
      {node("DequantizeLinear", {"a.conv.weight_quantized", "s"}, {"w"}), node("Conv", {"x", "w"}, {"y"})},
      {"y"}, {{"a.conv.weight_quantized", bytes("int8", {1, 1, 1, 1}, {3})}, {"s", scalar(1)}});
  CHECK(translated(named).graph.nodes.back().name == "a.conv");
}

namespace {

// x, `op`, bytes whose least is 0, and what reads them.
Model behind_relu(const std::string& op, std::vector<onnx::Node> further = {},
                  std::vector<std::string> outputs = {"y"}) {
  std::vector<onnx::Node> nodes = {node(op, {"x"}, {"a"}), node("QuantizeLinear", {"a", "s", "z"}, {"q"}),
                                   node("DequantizeLinear", {"q", "s", "z"}, {"y"})};
  nodes.insert(nodes.end(), further.begin(), further.end());
  return model({value("x", {1, 2})}, std::move(nodes), std::move(outputs),
               {{"s", scalar(0.5F)}, {"z", zero("uint8", 0)}, {"z9", zero("uint8", 9)}});
}

}  // namespace

namespace {

// x, `op`, bytes whose least is 0, and a product of these with whole weights.
Model before_product(const std::string& op) {
  return model({value("x", {1, 2})},
               {node(op, {"x"}, {"a"}), node("QuantizeLinear", {"a", "s", "z"}, {"q"}),
                node("DequantizeLinear", {"q", "s", "z"}, {"r"}),
                node("DequantizeLinear", {"wq", "s"}, {"w"}), node("MatMul", {"r", "w"}, {"y"})},
               {"y"}, {{"s", scalar(0.5F)}, {"z", zero("uint8", 0)}, {"wq", bytes("int8", {2, 1}, {2, 4})}});
}

}  // namespace

TEST_CASE("a ReLU that the numbers' range has taken the place of is put back") {
  CHECK(operators(before_product("Tanh")) == "tanh relu dense");
  CHECK(tensors_of(translated(before_product("Tanh"))) == "relu 0.5 0");
  CHECK(operators(before_product("Relu")) == "relu dense");
  CHECK(operators(before_product("Sigmoid")) == "sigmoid dense");
}

TEST_CASE("what an activation alone reads, and is computed with, is rounded by nodes that do so") {
  const Network network = translated(behind_relu("Tanh", {node("Exp", {"y"}, {"u"})}, {"u"}));
  CHECK(operators_of(network) == "tanh " + kRounding + "exp");
  CHECK(tensors_of(network) == "batchnorm 0.5 0");
  CHECK(close(run(network, {{1, -1}})[0], {std::exp(1.0), 1}));  // tanh(1) is 1.52 steps of the grid
}

TEST_CASE("what something else reads as it was is quantised behind a clip of its own") {
  const Network network = translated(behind_relu("Tanh", {node("Exp", {"a"}, {"e"})}, {"y", "e"}));
  CHECK(operators_of(network) == "tanh clip exp");
  CHECK(tensors_of(network) == "clip 0.5 0");
  CHECK(run(network, {{300, -300}})[0] == Values{1, 0});
}

TEST_CASE("what a sum alone reads, and is computed with, is clipped to what its bytes span") {
  const Network network = translated(behind_relu("Relu", {node("Add", {"y", "x"}, {"z0"})}, {"z0"}));
  CHECK(operators_of(network) == "clip add");
  CHECK(tensors_of(network) == "clip 0.5 0");
  CHECK(run(network, {{200, 3}})[0] == Values{327.5, 6});
}

TEST_CASE("bytes that become bytes of another scale are clipped to these") {
  const Network network = translated(behind_relu(
      "Relu",
      {node("QuantizeLinear", {"y", "s", "z9"}, {"r"}), node("DequantizeLinear", {"r", "s", "z9"}, {"u"})},
      {"u"}));
  CHECK(operators_of(network) == "relu " + kRounding + "clip");
  CHECK(tensors_of(network) == "batchnorm 0.5 0, clip 0.5 9");
  CHECK(run(network, {{200, 3}})[0] == Values{123, 3});
}

TEST_CASE("what moves bytes, or takes the greatest, moves what they stand for") {
  const Network network = translated(
      model({value("x", {1, 1, 2, 2})},
            {node("QuantizeLinear", {"x", "s", "z"}, {"q"}),
             node("MaxPool", {"q"}, {"m"}, {{"kernel_shape", Dims{1, 2}}, {"strides", Dims{1, 2}}}),
             node("Flatten", {"m"}, {"f"}), node("DequantizeLinear", {"f", "s", "z"}, {"y"})},
            {"y"}, {{"s", scalar(0.5F)}, {"z", zero("uint8", 3)}}));
  CHECK(operators_of(network) == "clip maxpool flatten");
  CHECK(tensors_of(network) == "clip 0.5 3, maxpool 0.5 3, flatten 0.5 3");
  CHECK(run(network, {{1, 2, 3, -4}})[0] == Values{2, 3});
}

TEST_CASE("what only a move of reals reads may become bytes before it") {
  Model net = before_product("Tanh");
  net.inputs = {value("x", {1, 1, 1, 2})};
  net.nodes.insert(net.nodes.begin() + 1, node("Flatten", {"a"}, {"f"}));
  net.nodes[2].inputs[0] = "f";
  net.constants["z"] = zero("uint8", 3);
  CHECK(tensors_of(translated(net)) == "tanh 0.5 3, flatten 0.5 3");
}

TEST_CASE("a product whose bytes are read is no bias' neighbour: both stay") {
  const Model net = model({value("x", {1, 2})},
                          {node("MatMul", {"x", "w"}, {"a"}), node("QuantizeLinear", {"a", "s", "z"}, {"q"}),
                           node("DequantizeLinear", {"q", "s", "z"}, {"r"}), node("Add", {"r", "b"}, {"y"})},
                          {"y"},
                          {{"w", floats({2, 2}, {1, 2, 3, 4})},
                           {"b", floats({2}, {5, 6})},
                           {"s", scalar(1)},
                           {"z", zero("uint8", 9)}});
  CHECK(operators(net) == "dense clip batchnorm");
}

namespace {

// x as bytes about 100, a 1x1 convolution, `pad` of its bytes about 7, and another one.
Model around_pad(onnx::Node pad, std::map<std::string, Constant> further = {}) {
  Model net =
      model({value("x", {1, 1, 2, 2})},
            {node("QuantizeLinear", {"x", "s", "zx"}, {"xq"}),
             node("QLinearConv", {"xq", "s", "zx", "w", "s1", "zw", "s", "zy"}, {"yq"}), std::move(pad),
             node("QLinearConv", {"pq", "s", "zy", "w", "s1", "zw", "s", "zy"}, {"oq"}),
             node("DequantizeLinear", {"oq", "s", "zy"}, {"y"})},
            {"y"},
            {{"s", scalar(0.5F)},
             {"s1", scalar(1)},
             {"zx", zero("uint8", 100)},
             {"zy", zero("uint8", 7)},
             {"zw", zero("int8", 0)},
             {"w", bytes("int8", {1, 1, 1, 1}, {1})},
             {"pads", integers({8}, {0, 0, 0, 1, 0, 0, 0, 0})}});
  net.constants.insert(further.begin(), further.end());
  return net;
}

}  // namespace

TEST_CASE("a Pad of bytes puts what its number stands for around the reals") {
  const Network zeros = translated(around_pad(node("Pad", {"yq", "pads", "zy"}, {"pq"})));
  CHECK(operators_of(zeros) == "conv pad conv clip");
  CHECK(run(zeros, {{1, 2, 3, 4}})[0] == Values{0, 1, 2, 0, 3, 4});
  const Network others =
      translated(around_pad(node("Pad", {"yq", "pads", "v"}, {"pq"}), {{"v", zero("uint8", 11)}}));
  CHECK(run(others, {{1, 2, 3, 4}})[0] == Values{2, 1, 2, 2, 3, 4});
  const Network least = translated(around_pad(node("Pad", {"yq", "pads"}, {"pq"})));
  CHECK(run(least, {{1, 2, 3, 4}})[0] == Values{-3.5, 1, 2, -3.5, 3, 4});
  const Network edges = translated(around_pad(node("Pad", {"yq", "pads"}, {"pq"}, {{"mode", "edge"}})));
  CHECK(run(edges, {{1, 2, 3, 4}})[0] == Values{1, 1, 2, 3, 3, 4});
}

TEST_CASE("what becomes bytes of a finer scale by a sum is rounded before it") {
  const auto sum = [](float scale) {
    Model net = behind_relu("Relu",
                            {node("Add", {"y", "x"}, {"a1"}), node("Relu", {"a1"}, {"a2"}),
                             node("QuantizeLinear", {"a2", "fine", "z"}, {"r"}),
                             node("DequantizeLinear", {"r", "fine", "z"}, {"u"})},
                            {"u"});
    net.constants["fine"] = scalar(scale);
    return operators_of(translated(net));
  };
  CHECK(sum(0.25F) == "clip add clip");
  CHECK(sum(0.2F) == "relu " + kRounding + "add clip");
}

TEST_CASE("QLinearConv is a convolution, with its bias in the scale of the sums") {
  const Model net =
      model({value("x", {1, 2, 1, 2})},
            {node("QuantizeLinear", {"x", "sx", "zx"}, {"xq"}),
             node("QLinearConv", {"xq", "sx", "zx", "wq", "sw", "zw", "sy", "zy", "bq"}, {"yq"}),
             node("DequantizeLinear", {"yq", "sy", "zy"}, {"y"})},
            {"y"},
            {{"sx", scalar(0.5F)},
             {"zx", zero("uint8", 100)},
             {"wq", bytes("int8", {2, 2, 1, 1}, {4, -8, 100, 2})},
             {"sw", floats({2}, {0.25F, 0.5F})},
             {"zw", bytes("int8", {2}, {0, 0})},
             {"bq", bytes("int32", {2}, {8, -4})},
             {"sy", scalar(1)},
             {"zy", zero("uint8", 7)}});
  const Network network = translated(net);
  CHECK(operators_of(network) == "conv clip");
  CHECK(tensors_of(network) == "input 0.5 100, clip 1 7");
  CHECK(scales_of(network) == std::vector<std::vector<float>>{{0.25F, 0.5F}});
  CHECK(run(network, {{1, 2, 3, 4}})[0] == Values{-4, -5, 52, 103});
}

TEST_CASE("QLinearMatMul and QGemm are dense layers") {
  const std::map<std::string, Constant> constants = {{"s", scalar(0.5F)},
                                                     {"z", zero("uint8", 100)},
                                                     {"w", bytes("int8", {2, 2}, {1, 2, 3, 4})},
                                                     {"sw", floats({2}, {0.25F, 0.5F})},
                                                     {"zw", bytes("int8", {2}, {0, 0})},
                                                     {"b", bytes("int32", {2}, {8, 16})}};
  const auto of = [&](onnx::Node product) {
    return translated(model({value("x", {1, 2})},
                            {node("QuantizeLinear", {"x", "s", "z"}, {"q"}), std::move(product),
                             node("DequantizeLinear", {"p", "s", "z"}, {"y"})},
                            {"y"}, constants));
  };
  const Network matmul = of(node("QLinearMatMul", {"q", "s", "z", "w", "sw", "zw", "s", "z"}, {"p"}));
  CHECK(operators_of(matmul) == "dense clip");
  CHECK(tensors_of(matmul) == "input 0.5 100, clip 0.5 100");
  CHECK(scales_of(matmul) == std::vector<std::vector<float>>{{0.25F, 0.5F}});
  CHECK(run(matmul, {{1, 2}})[0] == Values{1.75, 5});
  onnx::Node gemm = node("QGemm", {"q", "s", "z", "w", "sw", "zw", "b", "s", "z"}, {"p"});
  gemm.domain = "com.microsoft";
  CHECK(run(of(gemm), {{1, 2}})[0] == Values{2.75, 9});
}

TEST_CASE("ONNX Runtime's operators on bytes are those on what these stand for") {
  const auto of = [](const std::string& op, std::vector<std::string> inputs,
                     std::map<std::string, Attribute> attributes = {}) {
    onnx::Node own = node(op, std::move(inputs), {"p"}, std::move(attributes));
    own.domain = "com.microsoft";
    return translated(model({value("x", {1, 1, 2, 2})},
                            {node("QuantizeLinear", {"x", "s", "z"}, {"q"}), std::move(own),
                             node("DequantizeLinear", {"p", "t", "z"}, {"y"})},
                            {"y"}, {{"s", scalar(0.5F)}, {"t", scalar(0.25F)}, {"z", zero("uint8", 100)}}));
  };
  const Network sum = of("QLinearAdd", {"q", "s", "z", "q", "s", "z", "t", "z"});
  CHECK(operators_of(sum) == "clip add clip");
  CHECK(tensors_of(sum) == "clip 0.5 100, clip 0.25 100");
  CHECK(operators_of(of("QLinearMul", {"q", "s", "z", "q", "s", "z", "t", "z"})) ==
        kRounding + "multiply clip");
  CHECK(operators_of(of("QLinearConcat", {"t", "z", "q", "s", "z", "q", "s", "z"}, {{"axis", int64_t{1}}})) ==
        "clip concat clip");
  const std::vector<std::string> one = {"q", "s", "z", "t", "z"};
  CHECK(operators_of(of("QLinearGlobalAveragePool", one)) == kRounding + "global_avgpool clip");
  CHECK(operators_of(of("QLinearAveragePool", one, {{"kernel_shape", Dims{2, 2}}})) ==
        kRounding + "avgpool clip");
  CHECK(operators_of(of("QLinearLeakyRelu", one)) == kRounding + "leaky_relu clip");
  CHECK(operators_of(of("QLinearSigmoid", one)) == kRounding + "sigmoid clip");
  CHECK(operators_of(of("QLinearSoftmax", one, {{"axis", int64_t{-1}}})) == kRounding + "softmax clip");
  CHECK(operators_of(of("QLinearReduceMean", one, {{"axes", Dims{2, 3}}})) ==
        kRounding + "global_avgpool clip");
}

TEST_CASE("a DequantizeLinear without a zero point reads the numbers that are there") {
  const Network network = translated(
      model({value("x", {1, 3})},
            {node("QuantizeLinear", {"x", "s", "z"}, {"q"}), node("DequantizeLinear", {"q", "s"}, {"y"})},
            {"y"}, {{"s", scalar(0.5F)}, {"z", zero("int8", 0)}}));
  CHECK(operators_of(network) == "clip");
  CHECK(tensors_of(network) == "clip 0.5 128");
  CHECK(run(network, {{-3, 3, -100}})[0] == Values{-3, 3, -64});
  Model products =
      model({value("x", {1, 1, 1, 2})},
            {node("QuantizeLinear", {"x", "one", "z"}, {"q"}), node("ConvInteger", {"q", "w"}, {"i"}),
             node("DequantizeLinear", {"i", "s"}, {"y"})},
            {"y"},
            {{"w", bytes("int8", {1, 1, 1, 1}, {-100})},
             {"s", scalar(0.5F)},
             {"one", scalar(1)},
             {"z", zero("int8", 0)}});
  const Network sums = translated(products);
  CHECK(tensors_of(sums) == "clip 1 128");
  CHECK(run(sums, {{2, -100}})[0] == Values{-100, 5000});
}

TEST_CASE("constants among numbers that are joined are numbers") {
  const Model net =
      model({value("x", {1, 2})},
            {node("QuantizeLinear", {"x", "s", "z"}, {"q"}),
             node("Concat", {"q", "c"}, {"j"}, {{"axis", int64_t{1}}}),
             node("DequantizeLinear", {"j", "s", "z"}, {"y"})},
            {"y"}, {{"s", scalar(0.5F)}, {"z", zero("uint8", 10)}, {"c", bytes("uint8", {1, 1}, {30})}});
  CHECK(run(net, {{1, 2}}) == Values{1, 2, 10});
}

TEST_CASE("numbers of sixteen bits are computed as floats") {
  const Network network = translated(model(
      {value("x", {1, 3})},
      {node("QuantizeLinear", {"x", "s", "z"}, {"q"}), node("DequantizeLinear", {"q", "s", "z"}, {"y"})},
      {"y"}, {{"s", scalar(0.5F)}, {"z", zero("uint16", 2)}}));
  CHECK_FALSE(network.quantization);
  CHECK(run(network, {{0.7F, -3, 40000}})[0] == Values{0.5, -1, 32766.5});
}

TEST_CASE("bytes that come in or go out are whole numbers") {
  Model out = model({value("x", {1, 3})}, {node("QuantizeLinear", {"x", "s", "z"}, {"q"})}, {"q"},
                    {{"s", scalar(0.5F)}, {"z", zero("int8", 2)}});
  out.outputs[0].type = "int8";
  CHECK(run(out, {{0.75F, -100, 100}}) == Values{4, -128, 127});  // 1.5 is rounded to 2, which is even
  Model in = model({value("x", {1, 2})},
                   {node("DequantizeLinear", {"x", "s", "z"}, {"r"}), node("Tanh", {"r"}, {"y"})}, {"y"},
                   {{"s", scalar(0.5F)}, {"z", zero("uint8", 2)}});
  in.inputs[0].type = "uint8";
  CHECK(run(in, {{2, 255}}) == Values{0, 1});
  CHECK(tensors_of(translated(in)) == "batchnorm 0.5 2");
}

TEST_CASE("DynamicQuantizeLinear and ConvInteger are computed as floats") {
  const Network network = translated(model(
      {value("x", {1, 1, 1, 3})},
      {node("DynamicQuantizeLinear", {"x"}, {"q", "s", "z"}),
       node("ConvInteger", {"q", "w", "z", "zw"}, {"i"}), node("Cast", {"i"}, {"f"}, {{"to", int64_t{1}}}),
       node("Mul", {"s", "sw"}, {"ss"}), node("Mul", {"f", "ss"}, {"y"})},
      {"y"}, {{"w", bytes("uint8", {1, 1, 1, 1}, {5})}, {"zw", zero("uint8", 3)}, {"sw", scalar(0.5F)}}));
  // A range from -85 to 170: the scale is 1, the zero point 85.
  CHECK(close(run(network, {{170, -85, 3.25F}})[0], {170, -85, 3}));
}

TEST_CASE("what cannot be read of a quantised model is refused at its node") {
  const auto with_scale = [](Constant scale, Constant zero_point) {
    return model(
        {value("x", {1, 2, 1, 1})},
        {node("QuantizeLinear", {"x", "s", "z"}, {"q"}), node("DequantizeLinear", {"q", "s", "z"}, {"y"})},
        {"y"}, {{"s", std::move(scale)}, {"z", std::move(zero_point)}});
  };
  CHECK(errors_of(with_scale(floats({2}, {1, 2}), bytes("uint8", {2}, {0, 0}))) ==
        "QuantizeLinear 'q': its scale has 2 values, and a tensor of the network is quantised as a whole; "
        "hint: "
        "quantise activations with one scale for each tensor; weights may have one for each channel");
  CHECK(errors_of(with_scale(scalar(0), zero("uint8", 0))) ==
        "QuantizeLinear 'q': its scale is 0; it may be from 1e-18 to 1e+18");
  CHECK(errors_of(with_scale(scalar(1), zero("float8e4m3fn", 0))) ==
        "QuantizeLinear 'q': it makes numbers of type float8e4m3fn, which cnnc has not");
  onnx::Node pool =
      node("QLinearGlobalAveragePool", {"x", "s", "z", "s", "z"}, {"y"}, {{"channels_last", int64_t{1}}});
  pool.domain = "com.microsoft";
  CHECK(
      errors_of(
          model({value("x", {1, 2, 1, 1})}, {pool}, {"y"}, {{"s", scalar(1)}, {"z", zero("uint8", 0)}})) ==
      "QLinearGlobalAveragePool 'y': it has 'channels_last'; hint: export the model before ONNX Runtime has "
      "optimised it");
  onnx::Node softmax = node("QLinearSoftmax", {"x", "s", "z", "s", "z"}, {"y"}, {{"opset", int64_t{12}}});
  softmax.domain = "com.microsoft";
  const std::map<std::string, Constant> constants = {{"s", scalar(1)}, {"z", zero("uint8", 0)}};
  Model other = model({value("x", {1, 2, 1, 1})}, {softmax}, {"y"}, constants);
  CHECK(errors_of(other) ==
        fmt::format("QLinearSoftmax 'y': it is a Softmax of opset 12, and the model of {}; hint: Softmax has "
                    "changed with opset 13: quantise a model that was exported as one opset",
                    other.opset));
  other.nodes[0].op = "QLinearWhere";
  CHECK(errors_of(other) ==
        "QLinearWhere 'y': there is no such operator of the domain 'com.microsoft' in cnnc");
  const Model row =
      model({value("x", {1, 1, 1, 1})},
            {node("DequantizeLinear", {"wq", "s"}, {"w"}), node("Conv", {"x", "w"}, {"y"})}, {"y"},
            {{"wq", bytes("int8", {2, 1, 1, 1}, {1, 2})}, {"s", floats({3}, {1, 2, 3})}});
  CHECK(errors_of(row) ==
        "DequantizeLinear 'w': its scale has 3 values for a tensor of 2x1x1x1, along axis 1");
}
