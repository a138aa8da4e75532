#include "plan/layout/layouts.h"

#include <algorithm>

#include "ops/registry.h"
#include "ops/window/transposed_window.h"
#include "ops/window/upconv_phases.h"
#include "ops/window/window.h"
#include "support/checked.h"

namespace cnnc {

namespace {

double used_share(int64_t n, int64_t lanes) {
  return static_cast<double>(n) / round_up(n, lanes);
}

// Vectorised along the width, a vector may be half or a quarter of the target's: the tail then overlaps its
// neighbour.
double used_share_of_width(int64_t width, int64_t lanes) {
  while (lanes > 4 && width < lanes) lanes /= 2;
  return used_share(width, lanes);
}

bool prefers_planar(const Node& conv, const Graph& graph, const Layout& input, const Target& target) {
  const Shape& shape = graph.nodes[conv.inputs[0]].shape;
  const Window window = window_of(conv.attributes, shape);
  if (input.block != 1 || window.width.stride != 1 || integer(conv.attributes, "groups") != 1 ||
      conv.inputs.size() > 1)
    return false;
  return used_share_of_width(conv.shape.width(), target.lanes) >
         1.3 * used_share(conv.shape.channels(), target.lanes);
}

constexpr int64_t kManyWeights = 1 << 18;  // floats; more than stay in a core's caches
constexpr int64_t kEnoughTiles = 16;

// Outputs of a dense layer that a kernel computes together: as many whole vectors as stay in registers, in
// equal tiles. Its result is stored in blocks of them, so that the weights are read as one stream.
// Many weights are read from memory, which narrow tiles do as fast; there are enough of them then for several
// threads.
int64_t dense_tile(const Node& dense, int64_t images, const Target& target) {
  const int64_t outputs = dense.shape.channels();
  // At batch 1 the weights' bytes are the time: half vectors where whole ones would pad much more.
  const int64_t half = target.lanes / 2;
  const bool pads_much = round_up(outputs, target.lanes) > 1.08 * round_up(outputs, half);
  const int64_t lanes = pads_much && outputs >= half ? half : target.lanes;
  const int64_t vectors = (outputs + lanes - 1) / lanes;
  // Of a batch the registers are shared among the images.
  int64_t most = images == 1 ? target.registers / 2 : target.registers >= 32 ? 3 : 2;
  const int64_t weights = find_parameter(dense, "weight")->shape.elements();
  if (weights >= kManyWeights) most = std::clamp<int64_t>(vectors / kEnoughTiles, vectors % 2 ? 1 : 2, most);
  const int64_t tiles = (vectors + most - 1) / most;
  return (vectors + tiles - 1) / tiles * lanes;
}

// What the block of a node's result is chosen by.
struct Surroundings {
  const Graph& graph;
  const std::vector<Layout>& layouts;  // of the nodes before it
  const Target& target;
  int64_t images;
};

int64_t block_of_conv(const Node& node, const Surroundings& s) {
  return prefers_planar(node, s.graph, s.layouts[node.inputs[0]], s.target) ? 1 : s.target.lanes;
}

int64_t block_of_upconv(const Node&, const Surroundings& s) {
  return s.target.lanes;
}

int64_t block_of_dense(const Node& node, const Surroundings& s) {
  return dense_tile(node, s.images, s.target);
}

void widen_halo(Layout& layout, const Layout& halo) {
  layout.top = std::max(layout.top, halo.top);
  layout.bottom = std::max(layout.bottom, halo.bottom);
  layout.left = std::max(layout.left, halo.left);
  layout.right = std::max(layout.right, halo.right);
}

Border border_of_upconv(const WindowAxis& axis) {
  constexpr int64_t kMost = 4096;  // more are not compiled
  return most_upconv_phases(axis) > kMost ? Border{} : border_of(axis, upconv_phases(axis));
}

Layout layout_of(const Border& height, const Border& width) {
  Layout halo;
  halo.top = height.before;
  halo.bottom = height.after;
  halo.left = width.before;
  halo.right = width.after;
  return halo;
}

Layout halo_of_upconv(const Node& conv, const Shape& input) {
  const Window w = transposed_window_of(conv.attributes, input);
  return layout_of(border_of_upconv(w.height), border_of_upconv(w.width));
}

Layout halo_of_conv(const Node& conv, const Shape& input) {
  const Window w = window_of(conv.attributes, input);
  return layout_of({w.height.pad_before, w.height.pad_after}, {w.width.pad_before, w.width.pad_after});
}

// Operators that choose the block of their result, or read a halo.
struct LayoutRule {
  std::string_view op;
  int64_t (*block)(const Node&, const Surroundings&) = nullptr;
  Layout (*halo)(const Node&, const Shape& input) = nullptr;  // null: none
};

constexpr LayoutRule kRules[] = {{"conv", block_of_conv, halo_of_conv},
                                 {"dense", block_of_dense},
                                 {"upconv", block_of_upconv, halo_of_upconv}};

const LayoutRule* rule_of(const Node& node) {
  const auto found = std::find_if(std::begin(kRules), std::end(kRules),
                                  [&](const LayoutRule& rule) { return rule.op == node.op; });
  return found == std::end(kRules) ? nullptr : found;
}

int64_t block_of(const Node& node, const Surroundings& s) {
  if (is_input(node)) return 1;
  if (!node.shape.is_map() && !node.shape.is_vector()) return 1;
  if (const LayoutRule* rule = rule_of(node)) return rule->block(node, s);
  if (!node.shape.is_map()) return facts_of(node).has_plain_vectors ? 1 : s.target.lanes;
  // Mixed layouts meet in the blocked one: only a few tensors near the input are planar.
  int64_t block = 1;
  for (const NodeId input : node.inputs) block = std::max(block, s.layouts[input].block);
  return block;
}

}  // namespace

Layout halo_of(const Node& node, const Shape& input) {
  const LayoutRule* rule = rule_of(node);
  return rule && rule->halo ? rule->halo(node, input) : Layout();
}

bool is_depthwise(const Node& conv) {
  const int64_t groups = integer(conv.attributes, "groups");
  const Shape& weight = find_parameter(conv, "weight")->shape;
  return groups > 1 && weight.sizes[0] == groups && weight.sizes[1] == 1;
}

std::vector<Layout> choose_layouts(const Graph& graph, const Target& target, int64_t images, NodeId cut) {
  std::vector<Layout> layouts;
  for (const Node& node : graph.nodes) {
    const int64_t together = static_cast<NodeId>(layouts.size()) < cut ? 1 : images;
    layouts.push_back(
        facts_of(node).is_alias
            ? layouts[node.inputs[0]]
            : blocked_layout(node.shape, block_of(node, {graph, layouts, target, together}), together));
  }
  // The caller's tensors cannot have a halo: where one is wanted, lowering makes a copy.
  for (const Node& node : graph.nodes)
    if (!is_input(node) && !is_input(graph.nodes[node.inputs[0]]))
      widen_halo(layouts[node.inputs[0]], halo_of(node, graph.nodes[node.inputs[0]].shape));
  return layouts;
}

}  // namespace cnnc
