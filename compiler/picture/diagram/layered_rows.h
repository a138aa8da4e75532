// The rows of a layered drawing: which node is in which, and the places where edges pass the rows between.
#pragma once
#include <vector>

#include "picture/diagram/layered.h"

namespace cnnc::picture {

inline constexpr double kWire = 6;  // the width of an edge that passes a row

// A node, or the place where an edge passes a row.
struct Spot {
  double width = 0, height = 0;
  int row = 0;
  double x = 0;  // of its left
  bool is_wire = false;
};

// Between spots of neighbouring rows.
struct RowLink {
  int upper = 0, lower = 0;
  double leaves = 0, enters = 0;
};

struct Rows {
  std::vector<Spot> spots;  // the nodes first
  std::vector<RowLink> links;
  std::vector<std::vector<int>> above, below;  // of each spot the links, by number
  std::vector<std::vector<int>> rows;          // spots from left to right
  std::vector<std::vector<int>> routes;        // spots that each edge passes, with its ends
};

// The row of each node: the longest way from a node without predecessors.
std::vector<int> rows_of(const std::vector<LayeredNode>& nodes, const std::vector<LayeredEdge>& edges);

Rows in_rows(const std::vector<LayeredNode>& nodes, const std::vector<LayeredEdge>& edges);

}  // namespace cnnc::picture
