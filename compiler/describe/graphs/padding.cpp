#include "describe/graphs/padding.h"

#include <algorithm>
#include <vector>

#include "ops/registry.h"
#include "ops/window/window.h"

namespace cnnc {
namespace {

bool is_even(const WindowAxis& axis) {
  return axis.pad_before == axis.pad_after;
}

bool is_equal(const WindowAxis& a, const WindowAxis& b) {
  return a.pad_before == b.pad_before && a.pad_after == b.pad_after && a.output == b.output;
}

bool is_padded(const WindowAxis& axis) {
  return axis.pad_before != 0 || axis.pad_after != 0;
}

// What `pad same` may stand for in a node.
struct Same {
  bool fits = false;     // it gives this padding
  bool is_even = false;  // which numbers give as well in two
};

bool may_be_same(const AttributeRule& rule) {
  return rule.name == "pad" && std::count(rule.choices.begin(), rule.choices.end(), "same") > 0;
}

Same same_of(const Graph& graph, const Node& node) {
  if (is_input(node)) return {};
  const std::vector<AttributeRule>& rules = operator_of(node).attributes;
  if (std::none_of(rules.begin(), rules.end(), may_be_same)) return {};
  const Shape& input = graph.nodes[node.inputs[0]].shape;
  Attributes attributes = node.attributes;
  const Window own = window_of(attributes, input);
  attributes["pad"] = std::string("same");
  const auto same = resolve_window(attributes, input);
  const auto* window = std::get_if<Window>(&same);
  const bool fits = window && is_equal(own.height, window->height) && is_equal(own.width, window->width) &&
                    (is_padded(own.height) || is_padded(own.width));
  return {fits, is_even(own.height) && is_even(own.width)};
}

}  // namespace

Graph with_same_padding(Graph graph) {
  std::vector<Same> all;
  for (const Node& node : graph.nodes) all.push_back(same_of(graph, node));
  const auto only_so = [](const Same& s) { return s.fits && !s.is_even; };
  if (std::none_of(all.begin(), all.end(), only_so)) return graph;
  for (size_t id = 0; id < all.size(); ++id)
    if (all[id].fits) graph.nodes[id].attributes["pad"] = std::string("same");
  return graph;
}

}  // namespace cnnc
