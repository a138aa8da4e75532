// A layered drawing of a directed acyclic graph: nodes in rows so that all edges lead downwards, in an order
// with few crossings, each near what it is connected to (Sugiyama, Tagawa and Toda 1981).
#pragma once
#include <vector>

#include "picture/drawing.h"

namespace cnnc::picture {

struct LayeredNode {
  double width = 0, height = 0;
  bool is_last = false;  // stands in a row below all others
};

// From a node to a later one of the list. `leaves` and `enters` are distances from the left of each. Edges
// that leave a node at one place have their way in common as far as it is the same.
struct LayeredEdge {
  int from = 0, to = 0;
  double leaves = 0, enters = 0;
};

struct Layered {
  double width = 0, height = 0;
  std::vector<Point> corners;              // of each node the upper left one
  std::vector<std::vector<Point>> routes;  // of each edge
};

Layered lay_out(const std::vector<LayeredNode>& nodes, const std::vector<LayeredEdge>& edges);

}  // namespace cnnc::picture
