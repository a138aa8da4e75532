// Convolutions of bfloat16 (ops/halves/).
#include "ops/window/window.h"
#include "plan/layout/layouts.h"
#include "plan/lower/lowering.h"

namespace cnnc {

void lower_bfloat16_conv(Lowering& lowering, NodeId id) {
  const Node& node = lowering.graph.nodes[id];
  const Shape& shape = lowering.graph.nodes[node.inputs[0]].shape;
  const int64_t lanes = lowering.layouts[id].block;
  const bool has_pairs = read_map(lowering, node.inputs[0]).layout.block % kDotHalves == 0;
  std::vector<View> inputs{
      read_with_halo(lowering, node.inputs[0], halo_of(node, shape), has_pairs ? 0 : lanes)};
  for (size_t i = 1; i < node.inputs.size(); ++i)
    inputs.push_back(read_blocked(lowering, node.inputs[i], lanes));
  const Window window = window_of(node.attributes, shape);
  Packing packing;
  packing.kind = Packing::Kind::conv;
  packing.outputs = node.shape.channels();
  packing.inputs = shape.channels();
  packing.height = window.height.filter;
  packing.width = window.width.filter;
  packing.output_tile = lanes;
  packing.input_block = inputs[0].layout.block;
  packing.input_pair = kDotHalves;
  packing.type = ElementType::bfloat16;
  ConvParameters parameters;
  parameters.window = parameters_of(window);
  add_step(lowering, id, "conv_bfloat16", parameters, inputs, add_weight_and_bias(lowering, node, packing));
}

}  // namespace cnnc
