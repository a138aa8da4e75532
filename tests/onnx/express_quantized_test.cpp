// Quantised networks as models with QuantizeLinear and DequantizeLinear.
#include "onnx/export/express_quantized.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "graph_fixture.h"
#include "model_fixture.h"
#include "onnx/file/read.h"
#include "quantize/quantization.h"

using namespace cnnc;
using namespace cnnc::onnx;
using namespace cnnc::onnx::test;

namespace {

Quantization quantization_of(const std::string& text) {
  Diagnostics diagnostics;
  const auto quantization = parse_quantization(Source{"net.quant", text}, diagnostics);
  REQUIRE(quantization);
  return *quantization;
}

// Written to a file's bytes and read again.
Model written(const Graph& graph, const Quantization& quantization) {
  Diagnostics diagnostics;
  const auto model = express_quantized(graph, quantization, diagnostics);
  REQUIRE(model);
  const Files files = write_model(*model, "net.onnx");
  const auto again = parse_model(bytes_of(files.back().second), "net.onnx", diagnostics);
  REQUIRE(again);
  return *again;
}

// "QuantizeLinear image, …": each node with its first input.
std::string nodes_of(const Model& model) {
  std::vector<std::string> nodes;
  for (const onnx::Node& node : model.nodes) nodes.push_back(node.op + " " + node.inputs.at(0));
  return fmt::format("{}", fmt::join(nodes, ", "));
}

const char* const kText =
    "network net\ninput image 3x6x6\nconv 4 3x3\nbatchnorm\nrelu\nmaxpool 2x2\nflatten\ndense 5\noutput as "
    "answer\n";
const char* const kQuantization =
    "quantization 1\nnetwork net\nweights 8 bits\ntensor image scale 0.5 zero 100\ntensor relu1 scale 0.25 "
    "zero "
    "0\ntensor maxpool1 scale 0.25 zero 0\ntensor flatten1 scale 0.25 zero 0\n";

}  // namespace

TEST_CASE("a quantised network is written with its tensors and weights as bytes") {
  const Model model = written(graph_of(kText), quantization_of(kQuantization));
  CHECK(nodes_of(model) ==
        "DequantizeLinear dense1.bias/numbers, DequantizeLinear dense1.weight/numbers, "
        "DequantizeLinear batchnorm1.bias/numbers, DequantizeLinear batchnorm1.weight/numbers, "
        "QuantizeLinear image, DequantizeLinear image/bytes, Conv image/real, Relu batchnorm1, "
        "QuantizeLinear relu1/float, DequantizeLinear relu1/bytes, MaxPool relu1, "
        "QuantizeLinear maxpool1/float, DequantizeLinear maxpool1/bytes, Flatten maxpool1, "
        "QuantizeLinear flatten1/float, DequantizeLinear flatten1/bytes, Gemm flatten1");
  CHECK(model.constants.at("batchnorm1.weight/numbers").type == "int8");
  CHECK(model.constants.at("batchnorm1.bias/numbers").type == "int32");
  CHECK(*model.constants.at("image/zero").integers == std::vector<int64_t>{100});
  CHECK(model.constants.at("image/zero").type == "uint8");
}

TEST_CASE("what cnnc adds on the way is written as bytes where a line says so") {
  const std::string text =
      "network net\ninput image 4x6x6\nconv 4 1x1 as a\nrelu\nconv 4 1x1\nadd with a\nrelu\nconv 4 1x1\n";
  const std::string lines =
      "quantization 1\nnetwork net\ntensor image scale 0.5 zero 100\ntensor a scale 0.25 zero 9\ntensor "
      "relu1 "
      "scale 0.25 zero 0\ntensor relu2 scale 0.25 zero 0\n";
  const Model without = written(graph_of(text), quantization_of(lines)),
              with = written(graph_of(text), quantization_of(lines + "tensor conv2 scale 0.5 zero 8\n"));
  CHECK(nodes_of(without).find("Conv relu1, Add conv2") != std::string::npos);
  CHECK(nodes_of(with).find(
            "Conv relu1, QuantizeLinear conv2/float, DequantizeLinear conv2/bytes, Add conv2") !=
        std::string::npos);
}

TEST_CASE("what is written of a quantised network is read as the same network and quantisation") {
  const Graph graph = graph_of(kText);
  const Model model = written(graph, quantization_of(kQuantization));
  const Network network = translated(model);
  CHECK(operators_of(network) == "conv relu maxpool flatten dense");
  std::vector<std::string> tensors;
  for (const auto& [id, scale] : network.quantization->tensors)
    tensors.push_back(fmt::format("{} {} {}", network.graph.nodes[id].op, scale.scale, scale.zero_point));
  CHECK(fmt::format("{}", fmt::join(tensors, ", ")) ==
        "input 0.5 100, relu 0.25 0, maxpool 0.25 0, flatten 0.25 0");
  CHECK(network.quantization->weights.size() == 2);
  CHECK(network.quantization->floats.empty());
}

TEST_CASE("a layer that stays in floats keeps its weights, and bytes in or out are uint8") {
  const Model model = written(
      graph_of(kText), quantization_of(std::string(kQuantization) +
                                       "tensor dense1 scale 1 zero 7\nfloat dense1\ninput image u8\n"));
  CHECK(model.constants.count("dense1.weight") == 1);
  CHECK(model.inputs[0].type == "uint8");
  CHECK(nodes_of(model).find("DequantizeLinear image,") != std::string::npos);
  CHECK(model.outputs[0].type == "float");
}
