#include "ops/window.h"
#include "plan/layouts.h"
#include "plan/lowering.h"

namespace cnnc {

namespace {

// A kernel reads whole blocks of input channels and writes whole blocks of output channels of one group.
// Where groups are smaller, the fewest of them that fill whole blocks are packed as one with zeros between;
// at worst all of them.
int64_t merged_groups(int64_t groups, int64_t group_inputs, int64_t group_outputs, int64_t input_block,
                      int64_t output_block) {
  for (int64_t m = 1; m < groups; ++m)
    if (groups % m == 0 && m * group_inputs % input_block == 0 && m * group_outputs % output_block == 0)
      return m;
  return groups;
}

Layout halo_of(const Window& w) {
  Layout halo;
  halo.top = w.height.pad_before;
  halo.bottom = w.height.pad_after;
  halo.left = w.width.pad_before;
  halo.right = w.width.pad_after;
  return halo;
}

// Channels that a planar kernel computes together.
int64_t planar_tile(int64_t channels, const Target& target) {
  const int64_t most = target.registers / 4;
  const int64_t tiles = (channels + most - 1) / most;
  return (channels + tiles - 1) / tiles;
}

}  // namespace

void lower_conv(Lowering& lowering, NodeId id) {
  const Node& node = lowering.graph.nodes[id];
  const Target& target = lowering.plan.target;
  const Shape& input_shape = lowering.graph.nodes[node.inputs[0]].shape;
  const Window window = window_of(node.attributes, input_shape);
  const bool planar = lowering.layouts[id].block == 1;
  const bool depthwise = !planar && is_depthwise(node, input_shape);
  const int64_t groups = integer(node.attributes, "groups");

  const View input = read_with_halo(lowering, node.inputs[0], halo_of(window), depthwise ? target.lanes : 0);

  Packing packing;
  packing.kind = depthwise ? Packing::Kind::depthwise : Packing::Kind::conv;
  packing.outputs = node.shape.channels();
  packing.inputs = input_shape.channels() / groups;
  packing.height = window.height.filter;
  packing.width = window.width.filter;
  packing.groups = groups;
  packing.output_tile = planar ? planar_tile(packing.outputs, target) : target.lanes;
  packing.input_block = input.layout.block;
  if (!depthwise)
    packing.merged_groups = merged_groups(groups, packing.inputs, packing.outputs / groups,
                                          packing.input_block, packing.output_tile);

  const Parameter* weight = find_parameter(node, "weight");
  std::vector<int> constants{add_constant(lowering, node.name + ".weight", packing, weight->values)};
  if (const Parameter* bias = find_parameter(node, "bias")) {
    Packing vector;
    vector.outputs = packing.outputs;
    vector.output_tile = packing.output_tile;
    constants.push_back(add_constant(lowering, node.name + ".bias", vector, bias->values));
  }

  std::vector<View> inputs{input};
  for (size_t i = 1; i < node.inputs.size(); ++i)  // the operands of the epilogue
    inputs.push_back(read_blocked(lowering, node.inputs[i], lowering.layouts[id].block));
  Attributes attributes = window_attributes_of(window);
  attributes["groups"] = depthwise ? groups : groups / packing.merged_groups;
  if (planar) attributes["tile"] = packing.output_tile;
  add_step(lowering, id,
           planar      ? "conv_planar"
           : depthwise ? "conv_depthwise"
                       : "conv_blocked",
           std::move(attributes), inputs, constants);
}

}  // namespace cnnc
