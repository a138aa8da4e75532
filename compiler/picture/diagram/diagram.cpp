#include "picture/diagram/diagram.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "picture/diagram/layered_rows.h"
#include "picture/diagram/level.h"
#include "picture/diagram/moved.h"
#include "picture/words.h"
#include "support/limits.h"

namespace cnnc::picture {
namespace {

constexpr double kFont = 11, kBox = 36, kStripe = 4, kPadding = 9, kHeader = 20, kMargin = 14, kTitle = 40;
constexpr size_t kTextLength = 40;

struct Network {
  const std::vector<Layer>& layers;
  int64_t passed = 0;  // rows that edges lead past or into, of all scopes so far
};

// Before the layout, whose time and room grow with it.
void count_rows(Network& network, const Level& level) {
  const std::vector<int> rows = rows_of(level.nodes, level.edges);
  for (size_t i = 0; i < level.edges.size(); ++i) {
    network.passed += rows[level.edges[i].to] - rows[level.edges[i].from];
    if (network.passed > limits::kDrawnRows)
      throw TooLarge{fmt::format("the diagram is too large: up to here, the edges between its layers lead "
                                 "past more than {} rows of boxes",
                                 limits::kDrawnRows),
                     network.layers[level.readers[i]].where};
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

Drawn draw_items(const std::vector<Item>& items, const Edges& edges, Network& network);

std::string header_of(const Item& item) {
  std::string text = item.name;
  if (!item.block.empty()) text += ": " + item.block;
  return item.times == 1 ? text : fmt::format("{}  × {}", text, item.times);
}

Drawn draw_scope(const Item& item, const Edges& edges, Network& network) {
  Drawn inner = draw_items(item.items, edges, network);
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

Drawn draw_item(const Item& item, const Edges& edges, Network& network) {
  return item.layer ? draw_layer(item, network.layers[*item.layer]) : draw_scope(item, edges, network);
}

Drawn draw_items(const std::vector<Item>& items, const Edges& edges, Network& network) {
  const std::vector<Edges> of_items = edges_by_item(items, edges);
  std::vector<Drawn> inner;
  for (size_t i = 0; i < items.size(); ++i) inner.push_back(draw_item(items[i], of_items[i], network));
  const Level level = level_of(items, inner, edges);
  count_rows(network, level);
  const Layered layered = lay_out(level.nodes, level.edges);
  Drawn drawn{layered.width, layered.height, {}, {}, {}, false};
  const size_t entering = level.entering.layers.size(), last = entering + items.size();
  Part ways;
  for (size_t i = 0; i < level.edges.size(); ++i) {
    std::vector<Point> points = layered.routes[i];
    const size_t to = level.edges[i].to;
    if (static_cast<size_t>(level.edges[i].from) < entering)
      points.insert(points.begin(), {points.front().x, points.front().y - kHeader});
    if (to >= last) points.push_back({points.back().x, layered.height + kPadding});
    const bool ends_here = to >= entering && to < last && inner[to - entering].is_layer;
    ways.marks.push_back(Path{std::move(points), "", ends_here});
  }
  drawn.parts.push_back(std::move(ways));
  for (size_t i = 0; i < items.size(); ++i) {
    const Point corner = layered.corners[entering + i];
    add_moved(drawn.parts, std::move(inner[i].parts), corner.x, corner.y);
  }
  for (size_t i = 0; i < entering; ++i) drawn.in[level.entering.layers[i]] = layered.corners[i].x + kPort / 2;
  for (size_t i = 0; i < level.leaving.layers.size(); ++i)
    drawn.out[level.leaving.layers[i]] = layered.corners[last + i].x + kPort / 2;
  return drawn;
}

}  // namespace

Drawing draw_diagram(const std::string& name, const Tree& tree, const std::vector<Layer>& layers) {
  Network network{layers};
  Drawn drawn = draw_items(tree.items, edges_of(layers, tree), network);
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
