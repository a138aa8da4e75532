#include "picture/diagram/layered.h"

#include <algorithm>
#include <cmath>

#include "picture/diagram/layered_rows.h"

namespace cnnc::picture {
namespace {

constexpr double kBetween = 14, kRowGap = 24;
constexpr int kSweeps = 12;
constexpr double kStraight = 8;  // how much more a way between nodes counts than one around others

// Where a spot would stand if it stood under (or over) what it is connected to: the mean, and how much that
// matters. Its own place where that is nothing.
struct Wish {
  int spot = 0;
  double place = 0, weight = 1;
};
Wish wish_of(const Rows& rows, int spot, bool from_above) {
  double sum = 0, weights = 0;
  for (const int number : from_above ? rows.above[spot] : rows.below[spot]) {
    const RowLink& link = rows.links[number];
    const Spot& other = rows.spots[from_above ? link.upper : link.lower];
    const bool is_wire = rows.spots[link.upper].is_wire || rows.spots[link.lower].is_wire;
    const double weight = is_wire ? 1 : kStraight;
    sum += weight * (from_above ? other.x + link.leaves - link.enters : other.x + link.enters - link.leaves);
    weights += weight;
  }
  return weights == 0 ? Wish{spot, rows.spots[spot].x, 1} : Wish{spot, sum / weights, weights};
}

// Places as near to the wanted ones as the order allows, by least squares: neighbours that would overlap move
// together (isotonic regression by pooling adjacent violators).
void set_places(Rows& rows, const std::vector<Wish>& wishes) {
  struct Pool {
    double mean, weight;
    int count;
  };
  std::vector<Pool> pools;
  std::vector<double> offsets;
  double offset = 0;
  for (const Wish& wish : wishes) {
    offsets.push_back(offset);
    pools.push_back({wish.place - offset, wish.weight, 1});
    offset += rows.spots[wish.spot].width + kBetween;
    while (pools.size() > 1 && pools[pools.size() - 2].mean > pools.back().mean) {
      const Pool right = pools.back();
      pools.pop_back();
      Pool& left = pools.back();
      left.mean = (left.mean * left.weight + right.mean * right.weight) / (left.weight + right.weight);
      left.weight += right.weight;
      left.count += right.count;
    }
  }
  size_t i = 0;
  for (const Pool& pool : pools)
    for (int k = 0; k < pool.count; ++k, ++i) rows.spots[wishes[i].spot].x = pool.mean + offsets[i];
}

// Orders a row by where its spots would stand, and places it so.
void sweep_row(Rows& rows, std::vector<int>& row, bool from_above, bool reorder) {
  std::vector<Wish> wishes;
  for (const int spot : row) wishes.push_back(wish_of(rows, spot, from_above));
  const auto middle = [&](const Wish& wish) { return wish.place + rows.spots[wish.spot].width / 2; };
  if (reorder)
    std::stable_sort(wishes.begin(), wishes.end(),
                     [&](const Wish& a, const Wish& b) { return middle(a) < middle(b); });
  for (size_t i = 0; i < row.size(); ++i) row[i] = wishes[i].spot;
  set_places(rows, wishes);
}

void sweep(Rows& rows) {
  for (const std::vector<int>& row : rows.rows) {
    std::vector<Wish> wishes;
    for (const int spot : row) wishes.push_back({spot, 0, 1});
    set_places(rows, wishes);
  }
  for (int i = 0; i < kSweeps; ++i) {
    const bool reorder = i < kSweeps / 2;
    if (i % 2 == 0)
      for (std::vector<int>& row : rows.rows) sweep_row(rows, row, true, reorder);
    else
      for (auto row = rows.rows.rbegin(); row != rows.rows.rend(); ++row)
        sweep_row(rows, *row, false, reorder);
  }
  double left = rows.spots.front().x;
  for (const Spot& spot : rows.spots) left = std::min(left, spot.x);
  for (Spot& spot : rows.spots) spot.x -= left;
}

// Adds a point of a way, but none twice, and of those on a straight line the ends alone.
void add_point(std::vector<Point>& points, Point point) {
  constexpr double kNear = 0.05;
  const auto near = [&](double a, double b) { return std::abs(a - b) < kNear; };
  if (!points.empty() && near(points.back().x, point.x) && near(points.back().y, point.y)) return;
  const size_t count = points.size();
  if (count > 1 && near(points[count - 2].x, points[count - 1].x) && near(points[count - 1].x, point.x))
    points.pop_back();
  points.push_back(point);
}

// Down through the middle of each spot, and aslant between the rows.
std::vector<Point> route_of(const Rows& rows, const std::vector<int>& route, const LayeredEdge& edge,
                            const std::vector<double>& tops, const std::vector<double>& heights,
                            const std::vector<Point>& corners) {
  std::vector<Point> points;
  for (size_t i = 0; i < route.size(); ++i) {
    const Spot& spot = rows.spots[route[i]];
    const bool is_first = i == 0, is_last = i + 1 == route.size();
    const double x = spot.x + (is_first ? edge.leaves : is_last ? edge.enters : spot.width / 2);
    const double top = tops[spot.row], bottom = top + heights[spot.row];
    add_point(points, {x, is_first ? corners[route[i]].y + spot.height : top});
    add_point(points, {x, is_last ? corners[route[i]].y : bottom});
  }
  return points;
}

}  // namespace

Layered lay_out(const std::vector<LayeredNode>& nodes, const std::vector<LayeredEdge>& edges) {
  Rows rows = in_rows(nodes, edges);
  sweep(rows);
  Layered result;
  std::vector<double> tops, heights;
  for (const std::vector<int>& row : rows.rows) {
    double height = 0;
    for (const int spot : row) height = std::max(height, rows.spots[spot].height);
    tops.push_back(result.height);
    heights.push_back(height);
    result.height += height + kRowGap;
  }
  result.height = std::max(0.0, result.height - kRowGap);
  for (const Spot& spot : rows.spots) result.width = std::max(result.width, spot.x + spot.width);
  for (size_t i = 0; i < nodes.size(); ++i) {
    const Spot& spot = rows.spots[i];
    result.corners.push_back({spot.x, tops[spot.row] + (heights[spot.row] - spot.height) / 2});
  }
  for (size_t i = 0; i < edges.size(); ++i)
    result.routes.push_back(route_of(rows, rows.routes[i], edges[i], tops, heights, result.corners));
  return result;
}

}  // namespace cnnc::picture
