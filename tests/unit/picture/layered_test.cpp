#include "picture/diagram/layered.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace cnnc::picture;

namespace {

constexpr double kHalf = 10;  // of a node's width

LayeredEdge edge(int from, int to) {
  return {from, to, kHalf, kHalf};
}

std::vector<LayeredNode> boxes(size_t count) {
  return std::vector<LayeredNode>(count, {2 * kHalf, 10, false});
}

bool overlap(Point a, Point b) {
  return std::abs(a.x - b.x) < 2 * kHalf && std::abs(a.y - b.y) < 10;
}

}  // namespace

TEST_CASE("layered: a chain is straight, and leads downwards") {
  const Layered chain = lay_out(boxes(3), {edge(0, 1), edge(1, 2)});
  CHECK(chain.width == 2 * kHalf);
  CHECK(chain.corners[0].y < chain.corners[1].y);
  CHECK(chain.corners[1].y < chain.corners[2].y);
  REQUIRE(chain.routes[0].size() == 2);
  CHECK(chain.routes[0][0].x == chain.routes[0][1].x);
  CHECK(chain.routes[0][0].y == chain.corners[0].y + 10);
  CHECK(chain.routes[0][1].y == chain.corners[1].y);
}

TEST_CASE("layered: a way past a node leads around it, and the chain stays straight") {
  const Layered drawn = lay_out(boxes(4), {edge(0, 1), edge(1, 2), edge(2, 3), edge(0, 3)});
  for (int node : {1, 2})
    for (const Point& point : drawn.routes[3])
      if (std::abs(point.y - drawn.corners[node].y) < 5)
        CHECK(std::abs(point.x - (drawn.corners[node].x + kHalf)) > kHalf);
  for (int node : {1, 2, 3}) CHECK(std::abs(drawn.corners[node].x - drawn.corners[0].x) < 4);
}

TEST_CASE(
    "layered: no two nodes overlap, and branches stand beside each other in an order without crossings") {
  // Two branches, given crosswise: 1 leads to 4, 2 to 3.
  const Layered drawn =
      lay_out(boxes(6), {edge(0, 1), edge(0, 2), edge(2, 3), edge(1, 4), edge(3, 5), edge(4, 5)});
  for (size_t a = 0; a < 6; ++a)
    for (size_t b = 0; b < a; ++b) CHECK_FALSE(overlap(drawn.corners[a], drawn.corners[b]));
  CHECK(drawn.corners[1].y == drawn.corners[2].y);
  CHECK((drawn.corners[1].x < drawn.corners[2].x) == (drawn.corners[4].x < drawn.corners[3].x));
}

TEST_CASE("layered: what is last stands below all others") {
  std::vector<LayeredNode> nodes = boxes(4);
  nodes[3].is_last = true;
  const Layered drawn = lay_out(nodes, {edge(0, 1), edge(1, 2), edge(0, 3)});
  CHECK(drawn.corners[3].y > drawn.corners[2].y);
}
