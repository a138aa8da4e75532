// graph → plan: each operator by its row of a table, then the arena.
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <string_view>

#include "ops/registry.h"
#include "ops/window/window.h"
#include "plan/layout/batch.h"
#include "plan/layout/layouts.h"
#include "plan/lower/choose_inner_convs.h"
#include "plan/lower/choose_prologues.h"
#include "plan/lower/lowering.h"
#include "plan/lower/share_kernels.h"
#include "plan/memory/arena.h"
#include "plan/records/choose_schedules.h"
#include "plan/tensors.h"

namespace cnnc {

namespace {

void lower_inputs(Lowering& lowering) {
  Plan& plan = lowering.plan;
  const std::vector<ElementType> types = element_types(lowering.graph);
  for (const NodeId id : lowering.graph.inputs) {
    const Node& node = lowering.graph.nodes[id];
    Buffer buffer;
    buffer.place = Buffer::Place::input;
    buffer.index = static_cast<int>(plan.inputs.size());
    buffer.layout = plain_layout(node.shape, plan.images, types[id]);
    buffer.name = node.name;
    lowering.where = node.where;
    lowering.buffer_of[id] = add_buffer(lowering, buffer);
    plan.inputs.push_back(node.name);
    plan.input_shapes.push_back(node.shape);
    plan.input_pixels.push_back(node.pixels);
  }
}

void lower_elementwise(Lowering& lowering, NodeId id) {
  const Node& node = lowering.graph.nodes[id];
  add_step(lowering, id, node.op, node.attributes, read_alike(lowering, id), {});
}

// softmax, log_softmax
void lower_softmax(Lowering& lowering, NodeId id) {
  const Node& node = lowering.graph.nodes[id];
  const View input = node.shape.is_map() ? read_blocked(lowering, node.inputs[0], lowering.layouts[id].block)
                                         : read_vector(lowering, node.inputs[0]);
  add_step(lowering, id, node.op, {}, {input}, {});
}

void lower_alias(Lowering& lowering, NodeId id) {
  lowering.buffer_of[id] = lowering.buffer_of[lowering.graph.nodes[id].inputs[0]];
}

struct Entry {
  std::string_view op;
  void (*lower)(Lowering&, NodeId);
};

// Those that are not here and compute each element on its own have a kernel of their name and no constants.
constexpr Entry kLowerings[] = {
    {"adaptive_avgpool", lower_average_parts},
    {"adaptive_maxpool", lower_maximum_parts},
    {"avgpool", lower_avgpool},
    {"batchnorm", lower_batchnorm},
    {"bfloat16", lower_conversion},
    {"bfloat16_conv", lower_bfloat16_conv},
    {"channel_shuffle", lower_channel_order},
    {"concat", lower_concat},
    {"conv", lower_conv},
    {"dense", lower_dense},
    {"depth_to_space", lower_channel_order},
    {"dequantize", lower_conversion},
    {"dropout", lower_alias},
    {"flatten", lower_alias},
    {"flip_sign_bit", lower_conversion},
    {"global_avgpool", lower_average_parts},
    {"global_maxpool", lower_maximum_parts},
    {"integer_avgpool", lower_integer_avgpool},
    {"integer_conv", lower_integer_conv},
    {"integer_dense", lower_integer_dense},
    {"log_softmax", lower_softmax},
    {"lrn", lower_elementwise},
    {"maxpool", lower_maxpool},
    {"pad", lower_resample},
    {"prelu", lower_prelu},
    {"quantize", lower_conversion},
    {"reshape", lower_alias},
    {"resize", lower_resample},
    {"slice", lower_slice},
    {"softmax", lower_softmax},
    {"space_to_depth", lower_channel_order},
    {"split", lower_slice},
    {"upconv", lower_upconv},
    {"upsample", lower_resample},
};

void lower_node(Lowering& lowering, NodeId id) {
  const Node& node = lowering.graph.nodes[id];
  lowering.where = node.where;
  if (is_of_tensors(lowering.graph, node)) return lower_tensor(lowering, id);
  const auto found = std::find_if(std::begin(kLowerings), std::end(kLowerings),
                                  [&](const Entry& entry) { return entry.op == node.op; });
  if (found != std::end(kLowerings)) return found->lower(lowering, id);
  if (!facts_of(node).is_elementwise) throw std::logic_error("no lowering of " + node.op);
  lower_elementwise(lowering, id);
}

// Copies what no step could write to the caller's output itself, of the nodes from `begin` to before `end`.
void lower_outputs(Lowering& lowering, NodeId begin, NodeId end) {
  Plan& plan = lowering.plan;
  for (size_t i = 0; i < plan.outputs.size(); ++i) {
    const NodeId node = plan.outputs[i].node;
    if (node < begin || node >= end) continue;
    const Buffer& source = plan.buffers[lowering.buffer_of[node]];
    if (source.place == Buffer::Place::output && source.index == static_cast<int>(i)) continue;
    write_output(lowering, node, static_cast<int>(i));
  }
}

NodeId cut_of(const Graph& graph, const Target& target, const PlanOptions& options) {
  if (options.images == 1) return 0;
  if (options.cut < 0) return choose_cut(graph, options.images, target.memory);
  return static_cast<NodeId>(std::min(options.cut, static_cast<int64_t>(graph.nodes.size())));
}

// Which steps compute two nodes: none by a strategy, and none of which the cut is in between.
void choose_inner(Lowering& lowering, NodeId cut) {
  const Graph& graph = lowering.graph;
  lowering.inner.assign(graph.nodes.size(), -1);
  lowering.is_inner.assign(graph.nodes.size(), false);
  if (!lowering.options.strategy.empty()) return;
  const auto use = [&](const std::vector<NodeId>& chosen) {
    for (size_t id = 0; id < graph.nodes.size(); ++id) {
      const NodeId inner = chosen[id];
      const bool is_cut = inner < cut && static_cast<NodeId>(id) >= cut;
      if (inner < 0 || is_cut || lowering.inner[id] >= 0 || lowering.is_inner[id]) continue;
      lowering.inner[id] = inner;
      lowering.is_inner[inner] = true;
    }
  };
  use(choose_inner_convs(graph, lowering.layouts, lowering.blocked));
  use(choose_prologues(graph, lowering.layouts, lowering.blocked));
}

// The nodes from `begin` to before `end`, by steps that compute so many images together.
void lower_nodes(Lowering& lowering, NodeId begin, NodeId end, int64_t images) {
  lowering.images = images;
  for (NodeId id = begin; id < end; ++id)
    if (!is_input(lowering.graph.nodes[id]) && !lowering.is_inner[id] && !lowering.is_inlined[id])
      lower_node(lowering, id);
  lower_outputs(lowering, begin, end);
}

}  // namespace

Plan make_plan(const Graph& graph, const Target& target, const PlanOptions& options) {
  const auto end = static_cast<NodeId>(graph.nodes.size());
  const NodeId cut = cut_of(graph, target, options);
  Lowering lowering{graph,
                    options,
                    choose_layouts(graph, target, options.images, cut, options.sharing),
                    {},
                    std::vector<int>(graph.nodes.size(), -1),
                    std::vector<int>(graph.nodes.size(), -1),
                    {},
                    {},
                    std::vector<bool>(graph.nodes.size()),
                    choose_inlined(graph, cut),
                    options.sharing ? with_vectors(target, options.sharing->best.lanes) : target,
                    {},
                    {}};
  lowering.plan.name = graph.name;
  lowering.plan.target = target;
  lowering.plan.images = options.images;
  lowering.placements = choose_placements(graph, lowering.layouts);
  choose_inner(lowering, cut);
  lower_inputs(lowering);
  lowering.plan.outputs = graph.outputs;
  const std::vector<ElementType> types = element_types(graph);
  for (const GraphOutput& output : graph.outputs) {
    const Node& node = graph.nodes[output.node];
    lowering.plan.output_shapes.push_back(node.shape);
    lowering.plan.output_types.push_back(types[output.node]);
  }
  lower_nodes(lowering, 0, cut, 1);
  lowering.plan.image_steps = static_cast<int>(lowering.plan.steps.size());
  lower_nodes(lowering, cut, end, options.images);
  share_kernels(lowering.plan);
  choose_schedules(lowering.plan, options);
  place_in_arena(lowering.plan, options.keep_all_tensors);
  return std::move(lowering.plan);
}

}  // namespace cnnc
