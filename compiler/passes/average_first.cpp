#include "passes/average_first.h"

#include <fmt/format.h>

#include <utility>

#include "ops/window/window.h"
#include "passes/edit/rewrite.h"

namespace cnnc {
namespace {

bool is_padded(const WindowAxis& axis) {
  return axis.pad_before + axis.pad_after > 0;
}

bool is_single(const WindowAxis& axis) {
  return axis.filter == 1 && axis.stride == 1 && !is_padded(axis);
}

// Each pixel of the result is computed from the one at its place.
bool is_pixelwise_conv(const Graph& graph, const Node& node) {
  if (node.op != "conv" || !node.epilogue.empty()) return false;
  const Window window = window_of(node.attributes, graph.nodes[node.inputs[0]].shape);
  return is_single(window.height) && is_single(window.width);
}

// The taps of each window, all of them on the input; 0: this is no mean over such windows.
int64_t averaged_taps(const Node& pool, const Shape& input) {
  if (pool.op == "global_avgpool") return input.height() * input.width();
  if (pool.op != "avgpool") return 0;
  const Window window = window_of(pool.attributes, input);
  const bool reaches_out = is_padded(window.height) || is_padded(window.width) ||
                           overhang(window.height) > 0 || overhang(window.width) > 0;
  return reaches_out ? 0 : window.height.filter * window.width.filter;
}

// Products that the conv saves are more than the sums that the means take for its input rather than its
// result.
bool saves_work(const Node& conv, const Node& pool, int64_t taps) {
  const auto weights = static_cast<double>(find_parameter(conv, "weight")->shape.elements());
  const auto pixels = static_cast<double>(pool.shape.height() * pool.shape.width());
  const auto pixels_before = static_cast<double>(conv.shape.height() * conv.shape.width());
  const auto inputs = weights / static_cast<double>(conv.shape.channels()) *
                      static_cast<double>(integer(conv.attributes, "groups"));
  const auto channels = inputs - static_cast<double>(conv.shape.channels());
  return weights * (pixels_before - pixels) > channels * pixels * static_cast<double>(taps);
}

bool trades_places(const Graph& graph, const Node& pool, const std::vector<int>& uses) {
  if (is_input(pool) || !pool.epilogue.empty()) return false;
  const NodeId id = pool.inputs[0];
  if (uses[id] != 1 || !is_pixelwise_conv(graph, graph.nodes[id])) return false;
  const int64_t taps = averaged_taps(pool, graph.nodes[id].shape);
  return taps > 0 && saves_work(graph.nodes[id], pool, taps);
}

// Swaps the two nodes: the conv's place is taken by the means of its input.
void trade_places(Graph& graph, Node& pool) {
  Node& conv = graph.nodes[pool.inputs[0]];
  const Shape shape = pool.shape;
  Node merged = take_over(std::move(conv), pool);
  conv = std::move(pool);
  conv.name = fmt::format("means for {}", merged.name);
  conv.covers.clear();
  std::swap(conv.inputs, merged.inputs);
  conv.shape = {graph.nodes[conv.inputs[0]].shape.channels(), shape.height(), shape.width()};
  merged.shape = shape;
  pool = std::move(merged);
}

}  // namespace

Graph average_first(Graph graph) {
  const std::vector<int> uses = count_uses(graph);
  for (Node& node : graph.nodes)
    if (trades_places(graph, node, uses)) trade_places(graph, node);
  return graph;
}

}  // namespace cnnc
