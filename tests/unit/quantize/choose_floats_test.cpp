// Which layers to leave in floats: those whose losses reach an output that loses too much, at the least cost.
#include "quantize/choose/choose_floats.h"

#include <doctest/doctest.h>

#include "unit/quantize/quantize_fixture.h"

using namespace cnnc;
using namespace cnnc::testing;

namespace {

using Names = std::vector<std::string>;

// Two convs behind each other, from the second of which one output comes, and from the first another.
Graph chain() {
  Graph graph = with_input();
  const NodeId first = conv(graph, "conv1", 0), second = conv(graph, "conv2", first);
  return finished(graph, {second, first});
}

}  // namespace

TEST_CASE("no layer stays in floats where all outputs lose less than they may") {
  CHECK(choose_floats(chain(), {{"conv1", 0.001, 0.001}, {"conv2", 0.001, 0.002}}, {0.002, 0.001}, 0.01)
            .empty());
}

TEST_CASE("the layer stays in floats from which most of an output's loss comes") {
  CHECK(choose_floats(chain(), {{"conv1", 0.001, 0.001}, {"conv2", 0.02, 0.021}}, {0.021, 0.001}, 0.01) ==
        Names{"conv2"});
  // Of what conv2 loses in the network most comes from conv1, whose noise it makes greater.
  CHECK(choose_floats(chain(), {{"conv1", 0.002, 0.002}, {"conv2", 0.001, 0.021}}, {0.021, 0.002}, 0.01) ==
        Names{"conv1"});
}

TEST_CASE("of layers that lose much those are bytes whose loss reaches no output that loses too much") {
  CHECK(choose_floats(chain(), {{"conv1", 0.02, 0.02}, {"conv2", 0.001, 0.001}}, {0.001, 0.02}, 0.01) ==
        Names{"conv1"});
  CHECK(choose_floats(chain(), {{"conv1", 0.005, 0.005}, {"conv2", 0.02, 0.02}}, {0.02, 0.005}, 0.01) ==
        Names{"conv2"});
}

TEST_CASE("of layers that lose alike the one stays in floats that costs less") {
  Graph graph = with_input();
  const NodeId pool = add(graph, "maxpool", "pool1", {conv(graph, "conv1", 0)},
                          {{"filter", std::vector<int64_t>{2, 2}},
                           {"stride", std::vector<int64_t>{2, 2}},
                           {"pad", std::vector<int64_t>{0, 0, 0, 0}}});
  const Graph network = finished(graph, {conv(graph, "conv2", pool)});
  CHECK(choose_floats(network, {{"conv1", 0.01, 0.01}, {"conv2", 0.01, 0.02}}, {0.02}, 0.012) ==
        Names{"conv2"});
  CHECK(choose_floats(network, {{"conv1", 0.01, 0.01}, {"conv2", 0.01, 0.02}}, {0.02}, 0.001) ==
        Names{"conv1", "conv2"});
}

TEST_CASE("losses reach a sum through all of its branches") {
  Graph graph = with_input();
  const NodeId first = conv(graph, "conv1", 0), second = conv(graph, "conv2", 0);
  const Graph network = finished(graph, {add(graph, "multiply", "product", {first, second})});
  CHECK(choose_floats(network, {{"conv1", 0.001, 0.001}, {"conv2", 0.05, 0.05}}, {0.051}, 0.01) ==
        Names{"conv2"});
}

TEST_CASE("those layers become bytes again first that harm least for what they save") {
  Graph graph = with_input();
  const NodeId pool = add(graph, "maxpool", "pool1", {conv(graph, "conv1", 0)},
                          {{"filter", std::vector<int64_t>{2, 2}},
                           {"stride", std::vector<int64_t>{2, 2}},
                           {"pad", std::vector<int64_t>{0, 0, 0, 0}}});
  const Graph network = finished(graph, {conv(graph, "conv3", conv(graph, "conv2", pool))});
  const std::vector<LayerLoss> layers = {
      {"conv1", 0.01, 0.01}, {"conv2", 0.01, 0.02}, {"conv3", 0.005, 0.025}};
  CHECK(in_order_of_worth(network, layers, {0.025}, {"conv2", "conv3", "conv1"}) ==
        Names{"conv1", "conv3", "conv2"});
}
