#include <doctest/doctest.h>

#include "passes/expand/expand_volumes.h"
#include "passes/fold_batchnorm.h"
#include "unit/passes/passes_fixture.h"

using namespace cnnc;
using namespace cnnc::testing;

namespace {

using Sizes = std::vector<int64_t>;

std::string operators_of(const Graph& graph) {
  std::string text;
  for (const Node& node : graph.nodes) text += (text.empty() ? "" : " ") + node.op;
  return text;
}

// The layer on 4x5x6x7, expanded; that its values are as before is checked.
Graph expanded(const std::string& op, Attributes attributes, Sizes shape = {4, 5, 6, 7}) {
  Graph g = with_input(Shape(std::move(shape)));
  const NodeId layer = add(g, op, "layer", {0}, std::move(attributes));
  return checked(expand_volumes, finished(g, {add(g, "relu", "relu1", {layer})}));
}

Graph expanded_conv(Sizes filter, Attributes more = {}) {
  more.insert({{"channels", int64_t{4}}, {"filter", std::move(filter)}});
  return expanded("conv3d", std::move(more));
}

}  // namespace

TEST_CASE(
    "expand_volumes: a conv3d becomes a conv on the slices that its windows see, and the last has its name") {
  const Graph after = expanded_conv({2, 3, 3}, {{"pad", Sizes{1}}});
  CHECK(operators_of(after) ==
        "input pad_along pad_along crop reshape crop reshape concat_along reshape conv reshape crop relu");
  const Node& last = after.nodes[11];
  CHECK(last.name == "layer");
  CHECK(last.covers == Names{"layer"});
  CHECK(after.nodes[9].covers.empty());
  CHECK(after.nodes[9].name == "sums of layer");
}

TEST_CASE("expand_volumes: filters along depth alone need no padding of rows") {
  CHECK(operators_of(expanded_conv({3, 1, 1}, {{"pad", Sizes{1, 0, 0}}, {"stride", Sizes{2, 1, 1}}})) ==
        "input reshape conv reshape relu");
  CHECK(operators_of(expanded_conv({1})) == "input reshape conv reshape relu");
}

TEST_CASE(
    "expand_volumes: what an alias ends has the layer's name before it, so that a step is compared with it") {
  const Graph after = expanded("maxpool3d", {{"filter", Sizes{2, 1, 1}}});
  CHECK(operators_of(after) == "input reshape maxpool reshape relu");
  CHECK(after.nodes[2].name == "layer");
  CHECK(after.nodes[2].covers == Names{"layer"});
  CHECK(after.nodes[3].name == "along depth of layer");
  CHECK(after.nodes[3].covers.empty());
}

TEST_CASE("expand_volumes: each conv3d keeps its values") {
  expanded_conv({3}, {{"stride", Sizes{2}}});
  expanded_conv({1}, {{"stride", Sizes{2}}});
  expanded_conv({1, 3, 3}, {{"pad", Sizes{0, 1, 1}}, {"stride", Sizes{1, 3, 2}}});
  expanded_conv({3, 3, 2},
                {{"pad", Sizes{2, 0, 1, 2, 0, 3}}, {"dilation", Sizes{2, 1, 2}}, {"groups", int64_t{2}}});
  expanded_conv({2, 2, 3}, {{"dilation", Sizes{3, 4, 1}}, {"bias", false}});
  expanded_conv({5, 6, 7});
  expanded_conv({2, 1, 3}, {{"stride", Sizes{3, 2, 1}}, {"groups", int64_t{4}}});
}

TEST_CASE("expand_volumes: each upconv3d keeps its values") {
  const auto upconv = [](Sizes filter, Attributes more) {
    more.insert({{"channels", int64_t{2}}, {"filter", std::move(filter)}});
    expanded("upconv3d", std::move(more), {4, 3, 2, 3});
  };
  upconv({2}, {{"stride", Sizes{2}}});
  upconv({1, 2, 2}, {{"stride", Sizes{1, 2, 2}}});
  upconv({3}, {{"stride", Sizes{2}}, {"pad", Sizes{1}}, {"output_pad", Sizes{1}}});
  upconv({3, 3, 1}, {{"pad", Sizes{0, 1, 1, 0, 0, 0}}, {"groups", int64_t{2}}});
  upconv({2, 3, 2}, {{"dilation", Sizes{2, 2, 1}}, {"stride", Sizes{1, 3, 2}}, {"bias", false}});
  upconv({1}, {{"stride", Sizes{3}}, {"output_pad", Sizes{2, 1, 0}}});
}

TEST_CASE("expand_volumes: pools and batchnorms keep their values") {
  for (const char* op : {"maxpool3d", "avgpool3d"}) {
    expanded(op, {{"filter", Sizes{2}}});
    expanded(op, {{"filter", Sizes{3}}, {"stride", Sizes{2}}, {"pad", Sizes{1}}, {"ceil", true}});
    expanded(op, {{"filter", Sizes{2, 1, 1}}});
    expanded(op, {{"filter", Sizes{1}}});
    expanded(op, {{"filter", Sizes{2, 3, 2}}, {"dilation", Sizes{2, 1, 3}}, {"stride", Sizes{1}}});
  }
  expanded("avgpool3d",
           {{"filter", Sizes{3}}, {"stride", Sizes{2}}, {"pad", Sizes{1}}, {"include_pad", false}});
  CHECK(operators_of(expanded("batchnorm", {})) == "input reshape batchnorm reshape relu");
  expanded("batchnorm", {}, {4, 5});
  CHECK(operators_of(expanded("batchnorm", {}, {4, 5, 6})) == "input batchnorm relu");
}

TEST_CASE(
    "fold_batchnorm: a dense layer along the last axis keeps a batchnorm, whose channels are the first") {
  for (const int64_t features : {6, 4}) {
    Graph g = with_input({4, 6});
    const NodeId d = add(g, "dense", "d", {0}, {{"features", features}});
    CHECK(checked(fold_batchnorm, finished(g, {add(g, "batchnorm", "bn", {d})})).nodes.size() == 3);
  }
}

TEST_CASE("fold_batchnorm: a batchnorm of volumes goes into the conv3d or upconv3d before it") {
  for (const char* op : {"conv3d", "upconv3d"}) {
    Graph g = with_input({4, 3, 4, 5});
    const NodeId c =
        add(g, op, "c", {0}, {{"channels", int64_t{6}}, {"filter", Sizes{2}}, {"groups", int64_t{2}}});
    CHECK(checked(fold_batchnorm, finished(g, {add(g, "batchnorm", "bn", {c})})).nodes.size() == 2);
  }
}
