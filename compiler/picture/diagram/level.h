// One scope of a diagram for the layout: where results from outside come in, its items, where results go out.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "picture/diagram/layered.h"
#include "picture/diagram/tree.h"
#include "picture/drawing.h"

namespace cnnc::picture {

// What is drawn of a scope, its upper left corner at 0 0, or of one layer; and at which distance from its
// left each layer's result, by the layer's number, comes in and goes out.
struct Drawn {
  double width = 0, height = 0;
  std::vector<Part> parts;
  std::map<int, double> in, out;
  bool is_layer = false;
};

using Edges = std::vector<std::pair<int, int>>;  // between layers, as edges_of() has them

// The edges that begin or end in each item.
std::vector<Edges> edges_by_item(const std::vector<Item>& items, const Edges& edges);

// Layers whose results come into a scope, or leave it: each once, in the order of its first edge.
struct Ports {
  std::vector<int> layers;
  std::map<int, int> places;
  void add(int layer);
};

inline constexpr double kPort = 6;

struct Level {
  std::vector<LayeredNode> nodes;  // those of `entering`, the items, those of `leaving`
  std::vector<LayeredEdge> edges;  // each once
  std::vector<int> readers;        // of each edge a layer that reads what it brings
  Ports entering, leaving;
};

// `drawn` are the items, and `edges` those that begin or end in one of them.
Level level_of(const std::vector<Item>& items, const std::vector<Drawn>& drawn, const Edges& edges);

}  // namespace cnnc::picture
