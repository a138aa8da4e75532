#include "plan/lower/choose_inner_convs.h"

#include <algorithm>
#include <cmath>

#include "ops/window/window.h"
#include "plan/choose/space.h"
#include "plan/inner_conv.h"
#include "plan/layout/layouts.h"

namespace cnnc {

namespace {

constexpr int64_t kLargeBytes = 1 << 20;  // of a result that is worth not to be stored at any rate; measured
constexpr int64_t kLeastTile = 7;         // pixels; fewer sums do not hide the latency of each

bool is_read_once(const Graph& graph, NodeId id) {
  int64_t reads = 0;
  for (const Node& node : graph.nodes) reads += std::count(node.inputs.begin(), node.inputs.end(), id);
  for (const GraphOutput& output : graph.outputs) reads += output.node == id ? 1 : 0;
  return reads == 1;
}

bool is_simple_conv(const Node& node) {
  return node.op == "conv" && node.inputs.size() == 1 && find_parameter(node, "bias");
}

// Whether Winograd's transforms, which take fewer multiplications, are for others.
bool is_direct(const Window& w) {
  return w.height.filter * w.width.filter == 1 || w.height.stride > 1 || w.width.stride > 1;
}

// Pixels of a row that are computed together, of one block of channels: the most that divide it and fit
// registers.
int64_t widest_tile(int64_t width, const Target& target) {
  int64_t tile = std::min(width, accumulators(target));
  while (width % tile != 0) --tile;
  return tile;
}

double least_cycles(Kernel kernel, const Target& target) {
  return complete_schedule(kernel, target) ? space_of(kernel.family)->cost(kernel, target) : INFINITY;
}

// Whether to compute the first convolution a few rows at a time takes no longer than to compute it with a
// kernel of its own, by the estimates of both, and to store it and read it from a cache.
bool pays(const Kernel& kernel, const Target& target) {
  constexpr double kOfVector =
      1;  // cycles to store and to read one, and for the zeros around the map; measured
  const Kernel inner = inner_conv(kernel);
  const Layout& map = inner.output;
  const auto vectors = static_cast<double>(map.planes() * map.height * map.width);
  return least_cycles(kernel, target) <=
         1.02 * least_cycles(inner, target) + kOfVector * vectors * target.parts;
}

// Whether one kernel computes the depthwise convolution and the one whose result it reads.
bool belong_together(const Graph& graph, const std::vector<Layout>& layouts, NodeId id,
                     const Target& target) {
  const Node& node = graph.nodes[id];
  if (!is_simple_conv(node) || !is_depthwise(node)) return false;
  const Node& inner = graph.nodes[node.inputs[0]];
  const Layout& map = layouts[node.inputs[0]];
  if (!is_simple_conv(inner) || integer(inner.attributes, "groups") != 1 || map.block != target.lanes ||
      !is_read_once(graph, node.inputs[0]))
    return false;
  // conv_pairs takes half as long where half of each vector would be padding.
  if (target.broadcasts_pairs && 2 * map.channels <= map.block && layouts[inner.inputs[0]].block == map.block)
    return false;
  const Window window = window_of(inner.attributes, graph.nodes[inner.inputs[0]].shape);
  if (!is_direct(window)) return false;
  Kernel kernel;
  kernel.family = "conv_and_depthwise";
  ConvParameters conv;
  conv.window = parameters_of(window_of(node.attributes, inner.shape));
  conv.inner = InnerConv{parameters_of(window), map.height, map.width, inner.epilogue};
  kernel.parameters = std::move(conv);
  kernel.inputs = {layouts[inner.inputs[0]]};
  kernel.output = layouts[id];
  if (!inner_fits_stack(kernel, 1, 1)) return false;
  const bool is_large = map.bytes() >= kLargeBytes;
  return is_large ? widest_tile(map.width, target) * target.parts >= kLeastTile : pays(kernel, target);
}

}  // namespace

std::vector<NodeId> choose_inner_convs(const Graph& graph, const std::vector<Layout>& layouts,
                                       const Target& target) {
  std::vector<NodeId> inner(graph.nodes.size(), -1);
  for (size_t id = 0; id < graph.nodes.size(); ++id)
    if (belong_together(graph, layouts, static_cast<NodeId>(id), target))
      inner[id] = graph.nodes[id].inputs[0];
  return inner;
}

}  // namespace cnnc
