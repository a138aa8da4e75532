#include "picture/diagram/diagram.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "picture/diagram/layered.h"
#include "picture/words.h"

namespace cnnc::picture {
namespace {

constexpr double kFont = 11, kBox = 36, kStripe = 4, kPadding = 9, kHeader = 20, kMargin = 14, kTitle = 40;
constexpr size_t kTextLength = 40;

// What is drawn of a scope, its upper left corner at 0 0, or of one layer; and at which distance from its
// left each layer's result, by the layer's number, comes in and goes out.
struct Drawn {
  double width = 0, height = 0;
  std::vector<Part> parts;
  std::map<int, double> in, out;
  bool is_layer = false;
};

struct Network {
  const std::vector<Layer>& layers;
  std::vector<std::pair<int, int>> edges;
};

void move(Point& point, double x, double y) {
  point.x += x;
  point.y += y;
}
void move(Polygon& shape, double x, double y) {
  for (Point& corner : shape.corners) move(corner, x, y);
}
void move(Path& path, double x, double y) {
  for (Point& point : path.points) move(point, x, y);
}
void move(Box& box, double x, double y) {
  move(box.at, x, y);
}
void move(Circle& circle, double x, double y) {
  move(circle.center, x, y);
}
void move(Hatch& hatch, double x, double y) {
  move(hatch.at, x, y);
}
void move(Label& label, double x, double y) {
  move(label.at, x, y);
}

void add_moved(std::vector<Part>& parts, std::vector<Part> more, double x, double y) {
  for (Part& part : more) {
    for (Mark& mark : part.marks) std::visit([&](auto& shape) { move(shape, x, y); }, mark);
    parts.push_back(std::move(part));
  }
}

Drawn draw_join(const Layer& layer) {
  constexpr double kRadius = 9;
  Part part{fmt::format("{}: {}, {}", layer.name, layer.op, to_string(layer.shape)), {}};
  part.marks.push_back(Circle{{kRadius, kRadius}, kRadius, layer.is_output ? "join result" : "join"});
  part.marks.push_back(Label{{kRadius, kRadius + 4}, layer.what, ""});
  return {2 * kRadius, 2 * kRadius, {part}, {}, {}, true};
}

// A sign in a circle, or a box with a stripe of its kind's colour and two lines: name and operator, size.
Drawn draw_layer(const Item& item, const Layer& layer) {
  if (layer.kind == Kind::join && text_width(layer.what, kFont) < 10) return draw_join(layer);
  const std::string text =
      shortened(layer.kind == Kind::input ? item.name : item.name + ": " + layer.what, kTextLength);
  const std::string size = to_string(layer.shape);
  const double width = std::max(text_width(text, kFont), text_width(size, kFont)) + 16 + kStripe;
  Part part{fmt::format("{}", fmt::join(layer.nodes, "\n")), {}};
  part.marks.push_back(Box{{0, 0}, width, kBox, layer.is_output ? "layer result" : "layer"});
  part.marks.push_back(
      Polygon{{{2, 3}, {2 + kStripe, 3}, {2 + kStripe, kBox - 3}, {2, kBox - 3}}, look_of(layer.kind)});
  part.marks.push_back(Label{{(width + kStripe) / 2, 15}, text, ""});
  part.marks.push_back(Label{{(width + kStripe) / 2, 29}, size, "faint"});
  return {width, kBox, {part}, {}, {}, true};
}

Drawn draw_items(const std::vector<Item>& items, const Network& network);

std::string header_of(const Item& item) {
  std::string text = item.name;
  if (!item.block.empty()) text += ": " + item.block;
  return item.times == 1 ? text : fmt::format("{}  × {}", text, item.times);
}

Drawn draw_scope(const Item& item, const Network& network) {
  Drawn inner = draw_items(item.items, network);
  const std::string header = header_of(item);
  const double words = text_width(header, kFont + .8) + 2 * kPadding;
  const double width = std::max(inner.width + 2 * kPadding, words);
  const double left = (width - inner.width) / 2;
  Drawn drawn{width, inner.height + kHeader + kPadding, {}, {}, {}, false};
  drawn.parts.push_back({"", {Box{{0, 0}, width, drawn.height, "cluster"}}});
  add_moved(drawn.parts, std::move(inner.parts), left, kHeader);
  drawn.parts.push_back({"", {Label{{kPadding, 14}, header, "name halo", Anchor::start}}});
  for (const auto& [layer, x] : inner.in) drawn.in[layer] = x + left;
  for (const auto& [layer, x] : inner.out) drawn.out[layer] = x + left;
  return drawn;
}

Drawn draw_item(const Item& item, const Network& network) {
  return item.layer ? draw_layer(item, network.layers[*item.layer]) : draw_scope(item, network);
}

// A scope's nodes for the layout: where results from outside come in, the items, where results go out.
struct Level {
  std::vector<Drawn> drawn;  // of the items
  std::vector<LayeredNode> nodes;
  std::vector<LayeredEdge> edges;
  std::vector<int> entering, leaving;  // layers whose results come in and go out
  size_t place_of_item(size_t item) const { return entering.size() + item; }
};

int item_with(const std::vector<Item>& items, int layer) {
  for (size_t i = 0; i < items.size(); ++i)
    if (layer >= items[i].begin && layer < items[i].end) return static_cast<int>(i);
  return -1;
}

void add_once(std::vector<int>& list, int value) {
  if (std::find(list.begin(), list.end(), value) == list.end()) list.push_back(value);
}

int position(const std::vector<int>& list, int value) {
  return static_cast<int>(std::find(list.begin(), list.end(), value) - list.begin());
}

void add_edge(Level& level, const LayeredEdge& edge) {
  const bool known = std::any_of(level.edges.begin(), level.edges.end(), [&](const LayeredEdge& e) {
    return e.from == edge.from && e.to == edge.to && e.leaves == edge.leaves && e.enters == edge.enters;
  });
  if (!known) level.edges.push_back(edge);
}

constexpr double kPort = 6;

Level level_of(const std::vector<Item>& items, const Network& network) {
  Level level;
  for (const Item& item : items) level.drawn.push_back(draw_item(item, network));
  for (const auto& [from, to] : network.edges) {
    const bool from_inside = item_with(items, from) >= 0, to_inside = item_with(items, to) >= 0;
    if (!from_inside && to_inside) add_once(level.entering, from);
    if (from_inside && !to_inside) add_once(level.leaving, from);
  }
  level.nodes.assign(level.entering.size(), {kPort, 0, false});
  for (const Drawn& drawn : level.drawn) level.nodes.push_back({drawn.width, drawn.height, false});
  level.nodes.insert(level.nodes.end(), level.leaving.size(), {kPort, 0, true});
  return level;
}

void connect(Level& level, const std::vector<Item>& items, const Network& network) {
  const auto item_node = [&](int item) { return static_cast<int>(level.place_of_item(item)); };
  for (const auto& [from, to] : network.edges) {
    const int a = item_with(items, from), b = item_with(items, to);
    if (a == b) continue;
    const auto leaves = [&] {
      return level.drawn[a].is_layer ? level.drawn[a].width / 2 : level.drawn[a].out.at(from);
    };
    const auto enters = [&] {
      return level.drawn[b].is_layer ? level.drawn[b].width / 2 : level.drawn[b].in.at(from);
    };
    if (a >= 0 && b >= 0)
      add_edge(level, {item_node(a), item_node(b), leaves(), enters()});
    else if (b >= 0)
      add_edge(level, {position(level.entering, from), item_node(b), kPort / 2, enters()});
    else
      add_edge(level,
               {item_node(a), item_node(static_cast<int>(items.size())) + position(level.leaving, from),
                leaves(), kPort / 2});
  }
}

Drawn draw_items(const std::vector<Item>& items, const Network& network) {
  Level level = level_of(items, network);
  connect(level, items, network);
  const Layered layered = lay_out(level.nodes, level.edges);
  Drawn drawn{layered.width, layered.height, {}, {}, {}, false};
  const size_t entering = level.entering.size(), last = entering + items.size();
  Part ways;
  for (size_t i = 0; i < level.edges.size(); ++i) {
    std::vector<Point> points = layered.routes[i];
    const size_t to = level.edges[i].to;
    if (static_cast<size_t>(level.edges[i].from) < entering)
      points.insert(points.begin(), {points.front().x, points.front().y - kHeader});
    if (to >= last) points.push_back({points.back().x, layered.height + kPadding});
    const bool ends_here = to >= entering && to < last && level.drawn[to - entering].is_layer;
    ways.marks.push_back(Path{std::move(points), "", ends_here});
  }
  drawn.parts.push_back(std::move(ways));
  for (size_t i = 0; i < items.size(); ++i) {
    const Point corner = layered.corners[entering + i];
    add_moved(drawn.parts, std::move(level.drawn[i].parts), corner.x, corner.y);
  }
  for (size_t i = 0; i < entering; ++i) drawn.in[level.entering[i]] = layered.corners[i].x + kPort / 2;
  for (size_t i = 0; i < level.leaving.size(); ++i)
    drawn.out[level.leaving[i]] = layered.corners[last + i].x + kPort / 2;
  return drawn;
}

}  // namespace

Drawing draw_diagram(const std::string& name, const Tree& tree, const std::vector<Layer>& layers) {
  Drawn drawn = draw_items(tree.items, {layers, edges_of(layers, tree)});
  const double least = text_width(name, 15) + 2 * kMargin;
  Drawing drawing{std::max(least, drawn.width + 2 * kMargin),
                  drawn.height + kTitle + kMargin,
                  name + ": its layers as a graph",
                  {}};
  drawing.parts.push_back({"", {Label{{kMargin, 22}, name, "title", Anchor::start}}});
  add_moved(drawing.parts, std::move(drawn.parts), (drawing.width - drawn.width) / 2, kTitle);
  return drawing;
}

}  // namespace cnnc::picture
