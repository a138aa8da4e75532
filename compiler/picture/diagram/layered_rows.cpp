#include "picture/diagram/layered_rows.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace cnnc::picture {
namespace {

// Adds to the edge's route its spot in that row, one for all edges that leave at its place.
struct Wires {
  std::map<std::tuple<int, double, int>, int> spots;  // by node, place and row
  std::set<std::tuple<int, int, double, double>> links;
};
int wire(Rows& rows, Wires& wires, const LayeredEdge& edge, int row) {
  const auto [found, is_new] =
      wires.spots.emplace(std::make_tuple(edge.from, edge.leaves, row), static_cast<int>(rows.spots.size()));
  if (is_new) rows.spots.push_back({kWire, 0, row, 0, true});
  return found->second;
}

void add_edge(Rows& rows, Wires& wires, const LayeredEdge& edge) {
  std::vector<int> route = {edge.from};
  double leaves = edge.leaves;
  const auto link = [&](int to, double enters) {
    const bool is_new = wires.links.emplace(route.back(), to, leaves, enters).second;
    if (is_new) rows.links.push_back({route.back(), to, leaves, enters});
    route.push_back(to);
    leaves = kWire / 2;
  };
  for (int row = rows.spots[edge.from].row + 1; row < rows.spots[edge.to].row; ++row)
    link(wire(rows, wires, edge, row), kWire / 2);
  link(edge.to, edge.enters);
  rows.routes.push_back(std::move(route));
}

}  // namespace

std::vector<int> rows_of(const std::vector<LayeredNode>& nodes, const std::vector<LayeredEdge>& edges) {
  std::vector<int> rows(nodes.size());
  int last = 0;
  std::vector<std::vector<int>> sources(nodes.size());
  for (const LayeredEdge& edge : edges) sources[edge.to].push_back(edge.from);
  for (size_t i = 0; i < nodes.size(); ++i) {
    for (const int source : sources[i]) rows[i] = std::max(rows[i], rows[source] + 1);
    if (!nodes[i].is_last) last = std::max(last, rows[i]);
  }
  for (size_t i = 0; i < nodes.size(); ++i)
    if (nodes[i].is_last) rows[i] = last + 1;
  return rows;
}

Rows in_rows(const std::vector<LayeredNode>& nodes, const std::vector<LayeredEdge>& edges) {
  Rows rows;
  const std::vector<int> numbers = rows_of(nodes, edges);
  for (size_t i = 0; i < nodes.size(); ++i)
    rows.spots.push_back({nodes[i].width, nodes[i].height, numbers[i], 0, false});
  Wires wires;
  for (const LayeredEdge& edge : edges) add_edge(rows, wires, edge);
  for (size_t i = 0; i < rows.spots.size(); ++i) {
    rows.rows.resize(std::max<size_t>(rows.rows.size(), rows.spots[i].row + 1));
    rows.rows[rows.spots[i].row].push_back(static_cast<int>(i));
  }
  rows.above.resize(rows.spots.size());
  rows.below.resize(rows.spots.size());
  for (size_t i = 0; i < rows.links.size(); ++i) {
    rows.above[rows.links[i].lower].push_back(static_cast<int>(i));
    rows.below[rows.links[i].upper].push_back(static_cast<int>(i));
  }
  return rows;
}

}  // namespace cnnc::picture
