#include "passes/fold_pads.h"

#include <cstdint>
#include <utility>

#include "ops/window/window.h"
#include "passes/edit/remove_dead_nodes.h"
#include "passes/edit/rewrite.h"

namespace cnnc {
namespace {

// Of a map's rows or columns 'pad_along' is 'pad', which has kernels of its own.
bool pads_pixels(const Node& node) {
  return node.op == "pad_along" && node.shape.is_map() && integer(node.attributes, "axis") > 0 &&
         integer(node.attributes, "before") >= 0 && integer(node.attributes, "after") >= 0 &&
         word(node.attributes, "mode") != "wrap";
}

Node as_pad(Node node) {
  std::vector<int64_t> padding(4);
  const auto first = static_cast<size_t>(2 * integer(node.attributes, "axis") - 2);
  padding[first] = integer(node.attributes, "before");
  padding[first + 1] = integer(node.attributes, "after");
  node.op = "pad";
  node.attributes = {{"padding", padding},
                     {"value", real(node.attributes, "value")},
                     {"mode", word(node.attributes, "mode")}};
  return node;
}

bool pads_with_zeros(const Node& node) {
  return node.op == "pad" && word(node.attributes, "mode") == "constant" &&
         real(node.attributes, "value") == 0 && node.epilogue.empty();
}

// The conv of what the pad pads.
Node on_unpadded(Node conv, const Node& pad) {
  const Window w = window_of(conv.attributes, pad.shape);
  std::vector<int64_t> padding = {w.height.pad_before, w.height.pad_after, w.width.pad_before,
                                  w.width.pad_after};
  for (size_t i = 0; i < padding.size(); ++i) padding[i] += sizes(pad.attributes, "padding")[i];
  conv.attributes["pad"] = std::move(padding);
  conv.inputs[0] = pad.inputs[0];
  return conv;
}

}  // namespace

Graph fold_pads(Graph graph) {
  const std::vector<int> uses = count_uses(graph);
  for (Node& node : graph.nodes)
    if (pads_pixels(node)) node = as_pad(std::move(node));
  for (Node& node : graph.nodes) {
    if (node.op != "conv") continue;
    const Node& pad = graph.nodes[node.inputs[0]];
    if (!pads_with_zeros(pad)) continue;
    if (uses[node.inputs[0]] == 1)
      node.covers.insert(node.covers.begin(), pad.covers.begin(), pad.covers.end());
    node = on_unpadded(std::move(node), pad);
  }
  return remove_dead_nodes(std::move(graph));
}

}  // namespace cnnc
