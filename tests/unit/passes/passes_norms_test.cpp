#include <doctest/doctest.h>

#include "passes/expand/expand_norms.h"
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

Graph expanded(const std::string& op, Attributes attributes) {
  Graph g = with_input({4, 3, 5});
  const NodeId norm = add(g, op, "norm", {0}, std::move(attributes));
  return checked(expand_norms, finished(g, {add(g, "relu", "relu1", {norm})}));
}

}  // namespace

TEST_CASE(
    "expand_norms: a normalisation becomes the operators that it is made of, and the last has its name") {
  const Graph after = expanded("layernorm", {{"axes", Sizes{2, 0}}});
  CHECK(
      operators_of(after) ==
      "input reduce_mean subtract square reduce_mean affine sqrt divide multiply_constant add_constant relu");
  const Node &mean = after.nodes[1], &last = after.nodes[9];
  CHECK(mean.name == "mean of norm");
  CHECK(mean.covers.empty());
  CHECK(last.name == "norm");
  CHECK(last.covers == Names{"norm"});
  CHECK(last.parameters.at(0).shape == Shape{4, 1, 5});
  CHECK(static_cast<bool>(last.parameters.at(0).values));
  CHECK(after.nodes[10].inputs == std::vector<NodeId>{9});
}

TEST_CASE("expand_norms: each normalisation keeps its value, with weights and without") {
  for (const bool affine : {true, false}) {
    expanded("instancenorm", {{"affine", affine}});
    expanded("groupnorm", {{"groups", int64_t{2}}, {"affine", affine}});
    expanded("layernorm", {{"axes", Sizes{1}}, {"affine", affine}});
    expanded("rmsnorm", {{"axes", Sizes{0}}, {"affine", affine}});
  }
  expanded("layernorm", {{"axes", Sizes{1}}, {"bias", false}});
  expanded("layernorm", {{"axes", Sizes{1}}, {"eps", 0.5}});
  expanded("l2norm", {{"axes", Sizes{1, 2}}});
}
