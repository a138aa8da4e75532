#include <doctest/doctest.h>

#include "passes/fold_pads.h"
#include "unit/passes/passes_fixture.h"

using namespace cnnc;
using namespace cnnc::testing;

namespace {

using Sizes = std::vector<int64_t>;

NodeId pad(Graph& g, NodeId input, Attributes more = {}) {
  more.insert({"padding", Sizes{1, 2, 3, 0}});
  return add(g, "pad", "pad1", {input}, std::move(more));
}

}  // namespace

TEST_CASE("fold_pads: a conv of a map that is padded with zeros pads it itself, and covers the pad") {
  for (const AttributeValue& own : {AttributeValue(Sizes{1, 0, 0, 2}), AttributeValue(std::string("same"))}) {
    Graph g = with_input();
    const NodeId c =
        add(g, "conv", "conv1", {pad(g, 0)},
            {{"channels", int64_t{3}}, {"filter", Sizes{3, 3}}, {"stride", Sizes{2, 1}}, {"pad", own}});
    const Graph after = checked(fold_pads, finished(g, {c}));
    REQUIRE(names(after) == Names{"image", "conv1"});
    CHECK(after.nodes[1].covers == Names{"pad1", "conv1"});
    const bool is_same = std::holds_alternative<std::string>(own);
    CHECK(sizes(after.nodes[1].attributes, "pad") == (is_same ? Sizes{1, 3, 4, 1} : Sizes{2, 2, 3, 2}));
  }
}

TEST_CASE("fold_pads: a pad that others read stays for them") {
  Graph g = with_input();
  const NodeId p = pad(g, 0), c = conv(g, "conv1", p), r = add(g, "relu", "relu1", {p});
  const Graph after = checked(fold_pads, finished(g, {c, r}));
  REQUIRE(names(after) == Names{"image", "pad1", "conv1", "relu1"});
  CHECK(after.nodes[2].inputs == std::vector<NodeId>{0});
  CHECK(after.nodes[2].covers == Names{"conv1"});
}

TEST_CASE(
    "fold_pads: 'pad_along' of rows and columns is 'pad', which a conv takes over; of others it stays") {
  const auto after = [](int64_t axis, int64_t before, const char* mode) {
    Graph g = with_input({3, 8, 8});
    const NodeId p =
        add(g, "pad_along", "pad1", {0},
            {{"axis", axis}, {"before", before}, {"after", int64_t{2}}, {"mode", std::string(mode)}});
    const NodeId c = add(g, "conv", "conv1", {p},
                         {{"channels", int64_t{4}}, {"filter", Sizes{3, 3}}, {"pad", Sizes{0, 0, 1, 1}}});
    return checked(fold_pads, finished(std::move(g), {c}));
  };
  const Graph rows = after(1, 1, "constant"), columns = after(2, 0, "constant");
  REQUIRE(rows.nodes.size() == 2);
  CHECK(sizes(rows.nodes[1].attributes, "pad") == Sizes{1, 2, 1, 1});
  REQUIRE(columns.nodes.size() == 2);
  CHECK(sizes(columns.nodes[1].attributes, "pad") == Sizes{0, 0, 1, 3});
  const Graph mirrored = after(2, 1, "reflect");
  CHECK(mirrored.nodes[1].op == "pad");
  CHECK(sizes(mirrored.nodes[1].attributes, "padding") == Sizes{0, 0, 1, 2});
  for (const Graph& other : {after(0, 1, "constant"), after(1, 1, "wrap"), after(1, -1, "constant")})
    CHECK(other.nodes[1].op == "pad_along");
}

TEST_CASE("fold_pads: other pads stay") {
  for (const Attributes& of : {Attributes{{"mode", std::string("reflect")}, {"padding", Sizes{1, 1, 1, 1}}},
                               Attributes{{"value", 0.5}}}) {
    Graph g = with_input();
    const NodeId p = pad(g, 0, of), c = conv(g, "conv1", p);
    CHECK(checked(fold_pads, finished(g, {c})).nodes.size() == 3);
  }
  Graph g = with_input();
  const NodeId p = pad(g, 0), pool = add(g, "maxpool", "pool1", {p}, {{"filter", Sizes{2, 2}}});
  CHECK(checked(fold_pads, finished(g, {pool})).nodes.size() == 3);
}
