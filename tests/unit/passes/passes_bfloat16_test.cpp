#include <doctest/doctest.h>

#include "passes/fuse_epilogues.h"
#include "passes/use_bfloat16.h"
#include "unit/passes/passes_fixture.h"
#include "weights/weights.h"

using namespace cnnc;
using namespace cnnc::testing;

namespace {

using Sizes = std::vector<int64_t>;

// An input of 16x8x8.
Graph wide_input() {
  Graph g;
  g.name = "net";
  Node input{"image", "input", {}, {}, {16, 8, 8}, {}, {}, {"image"}, {}};
  g.nodes.push_back(input);
  g.inputs = {0};
  return g;
}

NodeId wide_conv(Graph& g, const std::string& name, NodeId input, int64_t filter, int64_t stride = 1) {
  const int64_t pad = filter / 2;
  return add(g, "conv", name, {input},
             {{"channels", int64_t{16}},
              {"filter", Sizes{filter, filter}},
              {"stride", Sizes{stride, stride}},
              {"pad", Sizes{pad, pad, pad, pad}}});
}

Names operators(const Graph& graph) {
  Names all;
  for (const Node& node : graph.nodes) {
    std::string text = node.op;
    for (const EpilogueStep& step : node.epilogue) text += " " + step.op;
    all.push_back(text);
  }
  return all;
}

}  // namespace

TEST_CASE("use_bfloat16: convs that Winograd's algorithm does not take, and what they read") {
  Graph g = wide_input();
  const NodeId a = wide_conv(g, "a", 0, 1), b = wide_conv(g, "b", a, 3), c = wide_conv(g, "c", b, 3, 2),
               d = wide_conv(g, "d", c, 1);
  CHECK(operators(use_bfloat16(finished(g, {d}))) == Names{"input", "bfloat16", "bfloat16_conv",
                                                           "conv bfloat16", "bfloat16_conv bfloat16",
                                                           "bfloat16_conv"});
}

TEST_CASE("use_bfloat16: a sum behind a conv reads what is stored; others want floats") {
  Graph g = wide_input();
  const NodeId a = wide_conv(g, "a", 0, 1), b = wide_conv(g, "b", a, 1), s = add(g, "add", "s", {b, a}),
               c = wide_conv(g, "c", s, 1);
  CHECK(operators(use_bfloat16(fuse_epilogues(finished(g, {c})))) ==
        Names{"input", "bfloat16", "bfloat16_conv bfloat16", "bfloat16_conv add_bfloat16 bfloat16",
              "bfloat16_conv"});
  Graph h = wide_input();
  const NodeId first = wide_conv(h, "a", 0, 1), second = wide_conv(h, "b", first, 1),
               relu = add(h, "relu", "r", {first});
  CHECK(operators(use_bfloat16(finished(h, {second, relu}))) ==
        Names{"input", "bfloat16", "bfloat16_conv", "bfloat16", "bfloat16_conv", "relu"});
}

TEST_CASE("use_bfloat16: weights are rounded to even, and those beyond its range keep the conv in floats") {
  Graph g = wide_input();
  const NodeId a = wide_conv(g, "a", 0, 1);
  Graph bound = finished(g, {a});
  bind_random(bound, 1);
  std::vector<float> weights(256, 1 + 0x1p-8F);
  weights[1] = 1 + 0x3p-8F;
  weights[2] = -1 - 0x1.8p-8F;
  bound.nodes[1].parameters[0].values = std::make_shared<const std::vector<float>>(weights);
  const Graph after = use_bfloat16(bound);
  const std::vector<float>& rounded = *after.nodes.back().parameters[0].values;
  CHECK(rounded[0] == 1);
  CHECK(rounded[1] == 1 + 0x1p-6F);
  CHECK(rounded[2] == -1 - 0x1p-7F);
  weights[0] = 3.4e38F;
  bound.nodes[1].parameters[0].values = std::make_shared<const std::vector<float>>(weights);
  CHECK(operators(use_bfloat16(bound)) == Names{"input", "conv"});
}
