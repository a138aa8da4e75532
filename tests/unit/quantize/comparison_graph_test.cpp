// The network as floats and as bytes in one graph: that each output is what it is said to be.
#include "quantize/comparison_graph.h"

#include <doctest/doctest.h>

#include "unit/quantize/quantize_fixture.h"

using namespace cnnc;
using namespace cnnc::testing;

namespace {

Graph residual_network() {
  Graph graph = with_input();
  const NodeId first = add(graph, "relu", "relu1", {conv(graph, "conv1", 0)});
  const NodeId pool = add(graph, "maxpool", "pool1", {first},
                          {{"filter", std::vector<int64_t>{3, 3}},
                           {"stride", std::vector<int64_t>{1, 1}},
                           {"pad", std::vector<int64_t>{1, 1, 1, 1}}});
  const NodeId sum = add(graph, "add", "sum", {conv(graph, "conv2", pool), first});
  const NodeId last = conv(graph, "conv3", add(graph, "relu", "relu2", {sum}));
  return all_passes(finished(graph, {last, add(graph, "tanh", "tanh1", {last})}));
}

std::vector<double> value_of(const Graph& graph, const std::string& name) {
  const std::vector<Reference> all = evaluate(graph, some_images(graph));
  for (size_t id = 0; id < all.size(); ++id)
    if (graph.nodes[id].name == name) return all[id].values;
  FAIL("no node ", name);
  return {};
}

double greatest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  REQUIRE(a.size() == b.size());
  double greatest = 0;
  for (size_t i = 0; i < a.size(); ++i) greatest = std::max(greatest, std::fabs(a[i] - b[i]));
  return greatest;
}

}  // namespace

TEST_CASE("each layer stands in a comparison as floats, alone from bytes, and in the network of bytes") {
  const Graph graph = residual_network();
  const Quantization quantization = calibrated(graph);
  const ComparisonGraph comparison = comparison_graph(graph, quantization);
  const Graph bytes = apply_quantization(graph, quantization);
  const auto values = outputs_of(comparison.graph);
  std::string layers;
  for (const ComparedLayer& layer : comparison.layers) layers += layer.name + " " + layer.op + "\n";
  CHECK(layers == "relu1 conv\nrelu2 conv\nconv3 conv\n");
  for (const ComparedLayer& layer : comparison.layers)
    CHECK(greatest_difference(values[layer.floats], value_of(graph, layer.name)) == 0);
  // The first layer is alone as it is in the network; of the last the network of bytes has floats.
  CHECK(values[comparison.layers[0].alone] == values[comparison.layers[0].together]);
  CHECK(values[comparison.layers[2].together] == value_of(bytes, "conv3"));
  CHECK(values[comparison.layers[2].alone] != values[comparison.layers[2].together]);
  for (const ComparedLayer& layer : comparison.layers) {
    CHECK(greatest_difference(values[layer.floats], values[layer.alone]) > 0);
    CHECK(greatest_difference(values[layer.floats], values[layer.alone]) < 0.1);
  }
}

TEST_CASE("the outputs of a comparison are those of both networks") {
  const Graph graph = residual_network();
  const Quantization quantization = calibrated(graph);
  const ComparisonGraph comparison = comparison_graph(graph, quantization);
  const auto values = outputs_of(comparison.graph), floats = outputs_of(graph),
             bytes = outputs_of(apply_quantization(graph, quantization));
  REQUIRE(comparison.outputs.size() == 2);
  for (size_t o = 0; o < 2; ++o) {
    CHECK(values[comparison.outputs[o].first] == floats[o]);
    CHECK(values[comparison.outputs[o].second] == bytes[o]);
  }
}

TEST_CASE("a layer that stays in floats is none that is compared") {
  const Graph graph = residual_network();
  Quantization quantization = calibrated(graph);
  quantization.floats = {{"conv2", {}}};
  const ComparisonGraph comparison = comparison_graph(graph, quantization);
  REQUIRE(comparison.layers.size() == 2);
  CHECK(comparison.layers[1].name == "conv3");
}
