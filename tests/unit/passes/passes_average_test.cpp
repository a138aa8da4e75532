#include <doctest/doctest.h>

#include "passes/average_first.h"
#include "unit/passes/passes_fixture.h"

using namespace cnnc;
using namespace cnnc::testing;

namespace {

using Sizes = std::vector<int64_t>;

NodeId conv1x1(Graph& g, const std::string& name, NodeId input, int64_t channels = 4, Attributes more = {}) {
  more.insert({{"channels", channels}, {"filter", Sizes{1, 1}}});
  return add(g, "conv", name, {input}, std::move(more));
}

NodeId avgpool(Graph& g, const std::string& name, NodeId input, Attributes more = {}) {
  more.insert({"filter", Sizes{2, 2}});
  return add(g, "avgpool", name, {input}, std::move(more));
}

bool trades(const Graph& g, NodeId pool) {
  return checked(average_first, finished(g, {pool})).nodes[pool].op == "conv";
}

}  // namespace

TEST_CASE("average_first: a 1x1 conv and the average behind it trade places") {
  Graph g = with_input({6, 4, 6});
  NodeId r = add(g, "relu", "relu1", {avgpool(g, "pool1", conv1x1(g, "conv1", 0))});
  Graph after = checked(average_first, finished(g, {r}));
  REQUIRE(names(after) == Names{"image", "means for pool1", "pool1", "relu1"});
  const Node &means = after.nodes[1], &conv = after.nodes[2];
  CHECK(means.op == "avgpool");
  CHECK(means.inputs == std::vector<NodeId>{0});
  CHECK(means.shape == Shape{6, 2, 3});
  CHECK(means.covers.empty());
  CHECK(conv.op == "conv");
  CHECK(conv.inputs == std::vector<NodeId>{1});
  CHECK(conv.shape == Shape{4, 2, 3});
  CHECK(conv.covers == Names{"conv1", "pool1"});
  CHECK(find_parameter(conv, "bias"));
}

TEST_CASE(
    "average_first: with a folded batchnorm, groups, windows that overlap or have gaps, the whole map") {
  Graph g = with_input({6, 6, 6});
  CHECK(trades(g, add(g, "global_avgpool", "pool1", {conv1x1(g, "conv1", 0)})));
  CHECK(trades(g, avgpool(g, "pool2", conv1x1(g, "conv2", 0, 6, {{"groups", int64_t{3}}}))));
  CHECK(trades(
      g, avgpool(g, "pool3", conv1x1(g, "conv3", 0), {{"filter", Sizes{3, 3}}, {"stride", Sizes{2, 2}}})));
  CHECK(trades(g, avgpool(g, "pool4", conv1x1(g, "conv4", 0), {{"dilation", Sizes{2, 2}}})));
  Graph h = with_input({4, 4, 6});
  NodeId b = add(h, "batchnorm", "bn1", {conv1x1(h, "conv1", 0)});
  Graph after = checked(all_passes, finished(h, {add(h, "relu", "relu1", {avgpool(h, "pool1", b)})}));
  REQUIRE(names(after) == Names{"image", "means for pool1", "relu1"});
  CHECK(after.nodes[2].covers == Names{"conv1", "bn1", "pool1", "relu1"});
  CHECK(epilogue(after.nodes[2]) == "relu");
}

TEST_CASE("average_first: stays where the mean of sums is not the sum of means, or another reads the conv") {
  Graph g = with_input({6, 6, 7});
  CHECK_FALSE(trades(g, avgpool(g, "pool1", conv1x1(g, "conv1", 0), {{"pad", Sizes{1, 1, 1, 1}}})));
  CHECK_FALSE(trades(g, avgpool(g, "pool2", conv1x1(g, "conv2", 0), {{"ceil", true}})));
  CHECK_FALSE(trades(g, avgpool(g, "pool3", conv(g, "conv3", 0))));
  CHECK_FALSE(trades(g, avgpool(g, "pool4", conv1x1(g, "conv4", 0, 4, {{"stride", Sizes{2, 2}}}))));
  CHECK_FALSE(trades(g, avgpool(g, "pool5", conv1x1(g, "conv5", 0, 4, {{"pad", Sizes{0, 0, 0, 1}}}))));
  CHECK_FALSE(trades(g, avgpool(g, "pool6", add(g, "relu", "relu6", {conv1x1(g, "conv6", 0)}))));
  CHECK_FALSE(trades(g, add(g, "maxpool", "pool7", {conv1x1(g, "conv7", 0)}, {{"filter", Sizes{2, 2}}})));
  NodeId shared = conv1x1(g, "conv8", 0), pool = avgpool(g, "pool8", shared);
  const Graph before = finished(g, {pool, shared});
  CHECK(to_string(checked(average_first, before)) == to_string(before));
}

TEST_CASE("average_first: stays where it would add more sums than it saves products") {
  Graph g = with_input({64, 8, 8});
  // 64 products of each pixel are saved for 63 sums of each tap.
  CHECK(trades(g, avgpool(g, "pool1", conv1x1(g, "conv1", 0, 2))));
  CHECK_FALSE(trades(g, avgpool(g, "pool2", conv1x1(g, "conv2", 0, 1))));
  CHECK_FALSE(trades(g, avgpool(g, "pool3", conv1x1(g, "conv3", 0, 2), {{"stride", Sizes{1, 1}}})));
}
