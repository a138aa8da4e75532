#include "plan/layout/layouts.h"

#include <algorithm>

#include "ops/registry.h"
#include "ops/window/transposed_window.h"
#include "ops/window/upconv_phases.h"
#include "ops/window/window.h"
#include "plan/layout/blocks.h"
#include "plan/tensors.h"

namespace cnnc {

namespace {

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

// Operators that read a halo.
struct HaloRule {
  std::string_view op;
  Layout (*halo)(const Node&, const Shape& input);
};

constexpr HaloRule kRules[] = {{"conv", halo_of_conv},
                               {"integer_conv", halo_of_conv},
                               {"bfloat16_conv", halo_of_conv},
                               {"upconv", halo_of_upconv}};

std::vector<bool> read_in_blocks(const Graph& graph) {
  std::vector<bool> result(graph.nodes.size());
  for (const Node& node : graph.nodes)
    if ((node.op == "conv" || node.op == "upconv") && is_depthwise(node))
      result[static_cast<size_t>(node.inputs[0])] = true;
  return result;
}

bool is_output(const Graph& graph, NodeId id) {
  return std::any_of(graph.outputs.begin(), graph.outputs.end(),
                     [&](const GraphOutput& output) { return source_of_alias(graph, output.node) == id; });
}

}  // namespace

Layout halo_of(const Node& node, const Shape& input) {
  for (const HaloRule& rule : kRules)
    if (rule.op == node.op) return rule.halo(node, input);
  return {};
}

bool is_depthwise(const Node& conv) {
  const int64_t groups = integer(conv.attributes, "groups");
  const Shape& weight = find_parameter(conv, "weight")->shape;
  return groups > 1 && weight.sizes[0] == groups && weight.sizes[1] == 1;
}

std::vector<Layout> choose_layouts(const Graph& graph, const Target& target, int64_t images, NodeId cut,
                                   const std::optional<Sharing>& sharing) {
  std::vector<Layout> layouts;
  const std::vector<bool> in_blocks = read_in_blocks(graph);
  const std::vector<ElementType> types = element_types(graph);
  for (const Node& node : graph.nodes) {
    const size_t id = layouts.size();
    const int64_t together = static_cast<NodeId>(id) < cut ? 1 : images;
    const Surroundings around{graph,
                              layouts,
                              target,
                              together,
                              sharing,
                              in_blocks[id],
                              is_output(graph, static_cast<NodeId>(id)),
                              types[id]};
    layouts.push_back(facts_of(node).is_alias ? layouts[node.inputs[0]]
                                              : blocked_layout(node.shape, block_of(node, around), together));
    // Whole numbers that are outputs are stored by kernels that make floats of their bits.
    if (types[id] != ElementType::int32) layouts.back().type = types[id];
  }
  // The caller's tensors cannot have a halo: where one is wanted, lowering makes a copy.
  for (const Node& node : graph.nodes)
    if (!is_input(node) && !is_input(graph.nodes[node.inputs[0]]))
      widen_halo(layouts[node.inputs[0]], halo_of(node, graph.nodes[node.inputs[0]].shape));
  return layouts;
}

}  // namespace cnnc
