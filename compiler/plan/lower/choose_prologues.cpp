#include "plan/lower/choose_prologues.h"

#include <cmath>

#include "ops/window/window.h"
#include "passes/edit/rewrite.h"
#include "plan/choose/few_outputs.h"
#include "plan/choose/space.h"
#include "plan/choose/tasks.h"
#include "plan/layout/layouts.h"

namespace cnnc {

namespace {

// Prologues compute floats: one that stores bytes for its reader has a kernel of its own.
bool is_simple_batchnorm(const Node& node, const Layout& layout) {
  return node.op == "batchnorm" && node.shape.is_map() && node.inputs.size() == 1 &&
         layout.type == ElementType::float32;
}

bool reads_apart(const WindowAxis& axis) {
  return axis.pad_before + axis.pad_after + overhang(axis) == 0 && axis.stride >= span(axis);
}

// Whether the pool reads no pixel twice, and none that is not there.
bool is_pool_of_parts(const Node& node, const Shape& input) {
  if (node.op == "global_avgpool" || node.op == "global_maxpool") return true;
  if (node.op != "avgpool" && node.op != "maxpool") return false;
  const Window window = window_of(node.attributes, input);
  return reads_apart(window.height) && reads_apart(window.width);
}

bool has_one_tap(const WindowAxis& axis) {
  return axis.filter == 1 && axis.pad_before + axis.pad_after == 0;
}

// The convolution as its kernel would be, by the best schedule; infinite if there is none.
double cost_of(Kernel kernel, const Target& target) {
  return complete_schedule(kernel, target) ? space_of(kernel.family)->cost(kernel, target) : INFINITY;
}

// Cycles of a step that computes the tensor, a vector at a time: in the second-level cache, or beyond; and
// what threads wait for each other.
double cycles_of_own_step(const Layout& map, const Target& target) {
  constexpr double kNearCycles = 6, kFarCycles = 9, kWaiting = 4000;  // measured
  const auto floats = static_cast<double>(map.elements());
  const bool is_near = static_cast<double>(map.bytes()) <= target.memory.second_level;
  return floats / static_cast<double>(map.block) * target.parts * (is_near ? kNearCycles : kFarCycles) +
         kWaiting;
}

bool belongs_to_conv(const Graph& graph, const std::vector<Layout>& layouts, NodeId id,
                     const Target& target) {
  const Node& node = graph.nodes[id];
  if (node.op != "conv" || integer(node.attributes, "groups") != 1) return false;
  const Layout &map = layouts[node.inputs[0]], &result = layouts[id];
  const Window window = window_of(node.attributes, graph.nodes[node.inputs[0]].shape);
  if (!has_one_tap(window.height) || !has_one_tap(window.width) || result.block != target.lanes ||
      result.height * result.images < kLeastTasks || gain_of_few_outputs(map, result, 1, target) > 1)
    return false;
  Kernel kernel;
  kernel.family = "conv_blocked";
  ConvParameters conv;
  conv.window = parameters_of(window);
  kernel.parameters = conv;
  kernel.inputs = {map};
  kernel.output = result;
  Kernel with_prologue = kernel;
  conv.prologue = BatchnormPrologue{graph.nodes[node.inputs[0]].epilogue};
  with_prologue.parameters = conv;
  return cost_of(with_prologue, target) < cost_of(kernel, target) + cycles_of_own_step(map, target);
}

// Whether the kernel of the node computes the batchnorm that it reads.
bool belong_together(const Graph& graph, const std::vector<Layout>& layouts, NodeId id,
                     const std::vector<int>& uses, const Target& target) {
  const Node& node = graph.nodes[id];
  if (is_input(node)) return false;
  const NodeId norm = node.inputs[0];
  if (!is_simple_batchnorm(graph.nodes[norm], layouts[norm]) || layouts[norm].block != target.lanes ||
      layouts[graph.nodes[norm].inputs[0]].block != target.lanes || uses[norm] != 1)
    return false;
  return is_pool_of_parts(node, graph.nodes[norm].shape) || belongs_to_conv(graph, layouts, id, target);
}

}  // namespace

std::vector<NodeId> choose_prologues(const Graph& graph, const std::vector<Layout>& layouts,
                                     const Target& target) {
  const std::vector<int> uses = count_uses(graph);
  std::vector<NodeId> prologues(graph.nodes.size(), -1);
  for (size_t id = 0; id < graph.nodes.size(); ++id)
    if (belong_together(graph, layouts, static_cast<NodeId>(id), uses, target))
      prologues[id] = graph.nodes[id].inputs[0];
  return prologues;
}

}  // namespace cnnc
