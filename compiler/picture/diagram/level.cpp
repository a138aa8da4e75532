#include "picture/diagram/level.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace cnnc::picture {
namespace {

// The item in which the layer is; -1: none. Items are in the order of their layers.
int item_with(const std::vector<Item>& items, int layer) {
  const auto next = std::upper_bound(items.begin(), items.end(), layer,
                                     [](int number, const Item& item) { return number < item.begin; });
  const auto number = static_cast<int>(next - items.begin()) - 1;
  return number >= 0 && layer < items[number].end ? number : -1;
}

void set_ports(Level& level, const std::vector<Item>& items, const Edges& edges) {
  for (const auto& [from, to] : edges) {
    const bool from_inside = item_with(items, from) >= 0, to_inside = item_with(items, to) >= 0;
    if (!from_inside && to_inside) level.entering.add(from);
    if (from_inside && !to_inside) level.leaving.add(from);
  }
}

void connect(Level& level, const std::vector<Item>& items, const std::vector<Drawn>& drawn,
             const Edges& edges) {
  const auto first_item = static_cast<int>(level.entering.layers.size());
  const int first_leaving = first_item + static_cast<int>(items.size());
  std::set<std::tuple<int, int, double, double>> known;
  for (const auto& [from, to] : edges) {
    const int a = item_with(items, from), b = item_with(items, to);
    if (a == b) continue;
    LayeredEdge edge{0, 0, kPort / 2, kPort / 2};
    if (a >= 0) {
      edge.from = first_item + a;
      edge.leaves = drawn[a].is_layer ? drawn[a].width / 2 : drawn[a].out.at(from);
    } else {
      edge.from = level.entering.places.at(from);
    }
    if (b >= 0) {
      edge.to = first_item + b;
      edge.enters = drawn[b].is_layer ? drawn[b].width / 2 : drawn[b].in.at(from);
    } else {
      edge.to = first_leaving + level.leaving.places.at(from);
    }
    if (!known.emplace(edge.from, edge.to, edge.leaves, edge.enters).second) continue;
    level.edges.push_back(edge);
    level.readers.push_back(to);
  }
}

}  // namespace

std::vector<Edges> edges_by_item(const std::vector<Item>& items, const Edges& edges) {
  std::vector<Edges> of_items(items.size());
  for (const auto& edge : edges) {
    const int a = item_with(items, edge.first), b = item_with(items, edge.second);
    if (a >= 0) of_items[a].push_back(edge);
    if (b >= 0 && b != a) of_items[b].push_back(edge);
  }
  return of_items;
}

void Ports::add(int layer) {
  if (places.emplace(layer, static_cast<int>(layers.size())).second) layers.push_back(layer);
}

Level level_of(const std::vector<Item>& items, const std::vector<Drawn>& drawn, const Edges& edges) {
  Level level;
  set_ports(level, items, edges);
  level.nodes.assign(level.entering.layers.size(), {kPort, 0, false});
  for (const Drawn& item : drawn) level.nodes.push_back({item.width, item.height, false});
  level.nodes.insert(level.nodes.end(), level.leaving.layers.size(), {kPort, 0, true});
  connect(level, items, drawn, edges);
  return level;
}

}  // namespace cnnc::picture
