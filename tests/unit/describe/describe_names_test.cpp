// What a text calls the layers of a network, whatever they are called there.
#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "unit/describe/describe_fixture.h"

using namespace cnnc;
using namespace cnnc::testing;

TEST_CASE("layers without names take the places that numbers leave them") {
  CHECK(checked(
            chain({{"a.0", "conv"}, {"", "relu"}, {"a.2.conv", "conv"}, {"", "dropout"}, {"a.4", "conv"}})) ==
        R"(network net
input x0 4x8x8

group a { conv 4 1x1; relu; group { conv 4 1x1 as conv }; dropout; conv 4 1x1 }
)");
  CHECK(checked(chain(
            {{"a.0.conv", "conv"}, {"", "relu"}, {"a.1.conv", "conv"}, {"", "dropout"}, {"b.1", "conv"}})) ==
        R"(network net
input x0 4x8x8

group a { group { conv 4 1x1 as conv; relu }; group { conv 4 1x1 as conv } }
group b { dropout; conv 4 1x1 }
)");
}

TEST_CASE("names that a text cannot have are changed as little as it takes") {
  // A batchnorm that an exporter has folded leaves a gap: counting goes on without it.
  CHECK(checked(chain({{"a.0", "conv"}, {"a.2", "relu"}, {"a.3", "conv"}})) ==
        "network net\ninput x0 4x8x8\n\ngroup a { conv 4 1x1; relu; conv 4 1x1 }\n");
  // Numbers are given in groups only.
  CHECK(checked(chain({{"0", "conv"}, {"1", "relu"}, {"2", "conv"}})) ==
        "network net\ninput x0 4x8x8\n\ngroup model { conv 4 1x1; relu; conv 4 1x1 }\n");
  // No scope can be left and entered again.
  CHECK(
      checked(chain({{"a.x", "conv"}, {"b.x", "conv"}, {"a.y", "conv"}, {"b.y", "conv"}, {"b.z", "conv"}})) ==
      "network net\ninput x0 4x8x8\n\nconv 4 1x1 as a_x\n"
      "group b { conv 4 1x1 as x; conv 4 1x1 as a_y; conv 4 1x1 as y; conv 4 1x1 as z }\n");
  // Words and signs that are no names.
  CHECK(checked(chain({{"as", "conv"}, {"my layer/1", "conv"}, {"a", "conv"}, {"a.b", "conv"}})) ==
        "network net\ninput x0 4x8x8\n\nconv 4 1x1 as as_\nconv 4 1x1 as my_layer_1\nconv 4 1x1 as a\n"
        "group a_ { conv 4 1x1 as b }\n");
}

TEST_CASE("names of which nothing is left but '_' are told apart by numbers") {
  std::vector<std::pair<std::string, std::string>> layers;
  for (int i = 0; i < 243; ++i) {
    std::string called;
    for (int rest = i, digit = 0; digit < 5; ++digit, rest /= 3) called += "+-/"[rest % 3];
    layers.emplace_back(called, "conv");
  }
  const Graph graph = chain(layers);
  CHECK_NOTHROW(match(graph, graph_of(described(graph))));
}

TEST_CASE("a tensor is named where something far below reads it") {
  Graph graph = chain({{"", "relu"}, {"", "conv"}, {"", "tanh"}, {"", "conv"}, {"", "sigmoid"}});
  const NodeId last = static_cast<NodeId>(graph.nodes.size()) - 1;
  graph.outputs = {{"output", add(graph, "add", {last, 1, 3})}, {"middle", 2}};
  CHECK(checked(graph) == R"(network net
input x0 4x8x8

relu       as skip1
conv 4 1x1 as middle
tanh       as skip2
conv 4 1x1; sigmoid
add with skip1, skip2
output
output middle
)");
}
