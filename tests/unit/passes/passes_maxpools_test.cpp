#include <doctest/doctest.h>

#include "passes/split_maxpools.h"
#include "unit/passes/passes_fixture.h"

using namespace cnnc;
using namespace cnnc::testing;

namespace {

using Sizes = std::vector<int64_t>;

Graph with_pool(Attributes attributes) {
  Graph g = with_input({2, 11, 13});
  const NodeId pool = add(g, "maxpool", "pool1", {0}, std::move(attributes));
  const NodeId after = add(g, "relu", "relu1", {pool});
  return checked(split_maxpools, finished(g, {pool, after}));
}

}  // namespace

TEST_CASE("split_maxpools: large windows are pooled along the rows, then along the columns") {
  const Graph g = with_pool({{"filter", Sizes{5, 7}}, {"stride", Sizes{1, 2}}, {"pad", Sizes{2, 1, 3, 2}}});
  REQUIRE(names(g) == Names{"image", "rows for pool1", "pool1", "relu1"});
  CHECK(g.nodes[1].covers.empty());
  CHECK(g.nodes[1].shape == Shape{2, 10, 13});
  CHECK(sizes(g.nodes[1].attributes, "filter") == Sizes{5, 1});
  CHECK(sizes(g.nodes[1].attributes, "pad") == Sizes{2, 1, 0, 0});
  CHECK(sizes(g.nodes[2].attributes, "filter") == Sizes{1, 7});
  CHECK(sizes(g.nodes[2].attributes, "stride") == Sizes{1, 2});
}

TEST_CASE("split_maxpools: windows over the edge, with gaps, padded as ONNX's SAME_UPPER") {
  CHECK(with_pool({{"filter", Sizes{4, 4}}, {"ceil", true}}).nodes.size() == 4);
  CHECK(
      with_pool({{"filter", Sizes{4, 5}}, {"dilation", Sizes{2, 3}}, {"stride", Sizes{1, 1}}}).nodes.size() ==
      4);
  CHECK(with_pool({{"filter", Sizes{5, 5}}, {"pad", std::string("same")}, {"stride", Sizes{2, 2}}})
            .nodes.size() == 4);
}

TEST_CASE("split_maxpools: small windows, and those of few rows or columns, stay") {
  CHECK(with_pool({{"filter", Sizes{3, 3}}}).nodes.size() == 3);
  CHECK(with_pool({{"filter", Sizes{1, 9}}}).nodes.size() == 3);
  CHECK(with_pool({{"filter", Sizes{9, 2}}}).nodes.size() == 3);
}
