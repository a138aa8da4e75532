#include "driver/layers/folded_layers.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "picture/diagram/tree.h"
#include "picture/layers.h"

namespace cnnc {
namespace {

using picture::Item;
using picture::Layer;

struct Lines {
  const Graph& graph;
  const std::vector<Layer>& layers;
  std::map<std::string, size_t> node_of;  // by name
  std::vector<LayerLine> lines;
};

// Of a scope and those that it is drawn for, one behind the other.
int end_of(const Item& item) {
  return item.begin + static_cast<int>(item.times) * (item.end - item.begin);
}

std::vector<size_t> nodes_of(const Lines& lines, int begin, int end) {
  std::vector<size_t> nodes;
  for (int i = begin; i < end; ++i)
    for (const std::string& name : lines.layers[i].nodes) nodes.push_back(lines.node_of.at(name));
  std::sort(nodes.begin(), nodes.end());
  return nodes;
}

// "layer1.0" of the scope at that depth.
std::string path_of(const Layer& layer, size_t depth) {
  std::string path;
  for (size_t i = 0; i <= depth; ++i) path += (i == 0 ? "" : ".") + layer.scope[i];
  return path;
}

// "blocks.0–3"
std::string range_of(const Lines& lines, const Item& item, size_t depth) {
  const std::string first = path_of(lines.layers[item.begin], depth);
  return item.times == 1 ? first : first + "–" + lines.layers[end_of(item) - 1].scope[depth];
}

// What all parts of a scope are, one block or the same layers; "": they are not, or one is a layer.
std::string alike(const Item& scope) {
  int64_t times = 0;
  for (const Item& part : scope.items) {
    const bool is_like_first = scope.items.size() == 1 || !part.block.empty();
    if (part.layer || !is_like_first || part.block != scope.items.front().block) return "";
    times += part.times;
  }
  if (times < 2) return "";
  const Item& part = scope.items.front();
  return part.block.empty() ? fmt::format("{} × {} layers", times, part.end - part.begin)
                            : fmt::format("{} × {}", times, part.block);
}

// What stands for a scope in one line; "": its parts have lines of their own.
std::string folded(const Item& scope) {
  if (scope.times == 1) {
    const std::string parts = alike(scope);
    return parts.empty() ? scope.block : parts;
  }
  return scope.block.empty() ? fmt::format("{} × {} layers", scope.times, scope.end - scope.begin)
                             : fmt::format("{} × {}", scope.times, scope.block);
}

bool is_below(const std::string& name, const std::string& scope) {
  return name.compare(0, scope.size(), scope) == 0 &&
         (name.size() == scope.size() || name[scope.size()] == '.');
}

// Whether the node of one of the item's layers stands in its scope. What follows the scope's last layer, such
// as a normalisation, may be a part of that layer.
bool is_within(const Lines& lines, const Item& item, size_t depth, const std::string& name) {
  for (int i = item.begin; i < end_of(item); i += item.end - item.begin)
    if (is_below(name, path_of(lines.layers[i], depth))) return true;
  return false;
}

void add_layers(Lines& lines, const std::vector<size_t>& nodes) {
  for (const size_t node : nodes) lines.lines.push_back({lines.graph.nodes[node].name, "", {node}});
}

void add_scope(Lines& lines, const Item& item, size_t depth, const std::string& words) {
  std::vector<size_t> within, behind;
  for (const size_t node : nodes_of(lines, item.begin, end_of(item)))
    (is_within(lines, item, depth, lines.graph.nodes[node].name) ? within : behind).push_back(node);
  lines.lines.push_back({range_of(lines, item, depth), words, within});
  add_layers(lines, behind);
}

void add_items(Lines& lines, const std::vector<Item>& items, size_t depth) {
  for (const Item& item : items) {
    const std::string words = item.layer ? "" : folded(item);
    if (!words.empty())
      add_scope(lines, item, depth, words);
    else if (item.layer)
      add_layers(lines, nodes_of(lines, *item.layer, *item.layer + 1));
    else
      add_items(lines, item.items, depth + 1);
  }
}

}  // namespace

std::vector<LayerLine> layer_lines(const Graph& graph, const ast::File& file, bool expand) {
  const std::vector<Layer> layers = picture::layers_of(graph);
  Lines lines{graph, layers, {}, {}};
  for (size_t i = 0; i < graph.nodes.size(); ++i) lines.node_of.emplace(graph.nodes[i].name, i);
  if (!expand) {
    add_items(lines, picture::tree_of(layers, file, true).items, 0);
  } else {
    for (size_t i = 0; i < graph.nodes.size(); ++i) add_layers(lines, {i});
  }
  return lines.lines;
}

}  // namespace cnnc
