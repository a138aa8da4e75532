// Layers of bytes (ops/quantized/): their kernels sum products of the bytes as they are stored, and start
// from a bias that has the zero point's share in it.
#include <algorithm>
#include <cstdlib>
#include <memory>

#include "ops/quantized/quantized.h"
#include "ops/registry.h"
#include "ops/window/window.h"
#include "plan/layout/layouts.h"
#include "plan/lower/lowering.h"

namespace cnnc {

namespace {

using Integers = std::vector<int32_t>;

int64_t bits_of(const Integers& weights) {
  const auto is_small = [](int32_t w) { return std::abs(w) <= kGreatestWeightOf7Bits; };
  return std::all_of(weights.begin(), weights.end(), is_small) ? 7 : 8;
}

// The node's bias, less what the zero point makes of each output's weights.
std::shared_ptr<const Integers> whole_bias(const Node& node, int64_t outputs) {
  const Integers& weights = integers_of(node, "weight");
  const int64_t zero_point = integer(node.attributes, "input_zero_point");
  const auto of_output = static_cast<int64_t>(weights.size()) / outputs;
  Integers bias = find_parameter(node, "bias") ? integers_of(node, "bias") : Integers(outputs);
  for (int64_t o = 0; o < outputs; ++o) {
    int64_t sum = 0;
    for (int64_t i = 0; i < of_output; ++i) sum += weights[o * of_output + i];
    bias[o] = static_cast<int32_t>(bias[o] - zero_point * sum);
  }
  return std::make_shared<const Integers>(std::move(bias));
}

// Weights, bias, scale.
std::vector<int> add_integer_constants(Lowering& lowering, const Node& node, Packing weight) {
  weight.type = ElementType::int8;
  Packing vector;
  vector.outputs = weight.outputs;
  vector.output_tile = weight.output_tile;
  Packing bias = vector;
  bias.type = ElementType::int32;
  return {add_constant(lowering, node.name + ".weight", weight, find_parameter(node, "weight")->integers),
          add_constant(lowering, node.name + ".bias", bias, whole_bias(node, weight.outputs)),
          add_constant(lowering, node.name + ".scale", vector, find_parameter(node, "scale")->values)};
}

// Whoever else reads the halo of that tensor, of the same quantisation, wants the same there.
void set_halo_byte(Lowering& lowering, const View& view, int64_t zero_point) {
  std::vector<Buffer>& buffers = lowering.plan.buffers;
  const int whole = buffers[view.buffer].whole;
  buffers[whole < 0 ? view.buffer : whole].halo_byte = static_cast<int>(zero_point);
}

// Appends the operands of the node's epilogue, whose elements have the places of the result's.
void add_operands(Lowering& lowering, NodeId id, std::vector<View>& inputs) {
  const Node& node = lowering.graph.nodes[id];
  const Layout& layout = lowering.layouts[id];
  for (size_t i = 1; i < node.inputs.size(); ++i)
    inputs.push_back(node.shape.is_map()
                         ? read_blocked(lowering, node.inputs[i], layout.block)
                         : read_vector(lowering, node.inputs[i], layout.one_image().elements()));
}

// A dot product takes channels that lie next to each other, as those do not of a reshape or of the caller's
// bytes.
int64_t block_to_read(Lowering& lowering, NodeId input, bool depthwise, int64_t lanes) {
  if (depthwise) return lanes;
  const Layout layout = read_map(lowering, input).layout;
  if (layout.block % kDotBytes == 0) return layout.block;
  return layout.channels <= kDotBytes ? kDotBytes : lanes;
}

Packing packing_of(const Node& node, const Window& window, const Layout& input, int64_t output_tile) {
  Packing packing;
  packing.kind = Packing::Kind::conv;
  packing.groups = integer(node.attributes, "groups");
  packing.outputs = node.shape.channels();
  packing.inputs = input.channels / packing.groups;
  packing.height = window.height.filter;
  packing.width = window.width.filter;
  packing.output_tile = output_tile;
  packing.input_block = input.block;
  packing.input_pair = kDotBytes;
  packing.merged_groups = merged_groups(packing.groups, packing.inputs, packing.outputs / packing.groups,
                                        packing.input_block, packing.output_tile);
  return packing;
}

}  // namespace

void lower_integer_conv(Lowering& lowering, NodeId id) {
  const Node& node = lowering.graph.nodes[id];
  const Shape& shape = lowering.graph.nodes[node.inputs[0]].shape;
  const bool depthwise = is_depthwise(node);
  const int64_t lanes = lowering.layouts[id].block;
  std::vector<View> inputs{read_with_halo(lowering, node.inputs[0], halo_of(node, shape),
                                          block_to_read(lowering, node.inputs[0], depthwise, lanes))};
  set_halo_byte(lowering, inputs[0], integer(node.attributes, "input_zero_point"));
  add_operands(lowering, id, inputs);
  const Window window = window_of(node.attributes, shape);
  Packing packing = packing_of(node, window, inputs[0].layout, lanes);
  if (depthwise) {
    packing.kind = Packing::Kind::depthwise;
    packing.input_pair = packing.merged_groups = 1;
  }
  ConvParameters parameters;
  parameters.window = parameters_of(window);
  parameters.groups = packing.groups / packing.merged_groups;
  parameters.weight_bits = bits_of(integers_of(node, "weight"));
  add_step(lowering, id, depthwise ? "conv_depthwise_u8" : "conv_u8", parameters, inputs,
           add_integer_constants(lowering, node, packing));
}

void lower_integer_dense(Lowering& lowering, NodeId id) {
  const Node& node = lowering.graph.nodes[id];
  DenseInput input = read_for_dense(lowering, node.inputs[0]);
  std::vector<View> inputs{input.view};
  add_operands(lowering, id, inputs);
  Packing packing;
  packing.kind = Packing::Kind::dense;
  packing.outputs = node.shape.channels();
  packing.inputs = lowering.graph.nodes[node.inputs[0]].shape.elements();
  packing.output_tile = lowering.layouts[id].block;
  packing.input_pair = kDotBytes;
  packing.positions = std::move(input.positions);
  DenseParameters parameters;
  parameters.tile = packing.output_tile;
  parameters.weight_bits = bits_of(integers_of(node, "weight"));
  add_step(lowering, id, "dense_u8", parameters, inputs, add_integer_constants(lowering, node, packing));
}

void lower_integer_avgpool(Lowering& lowering, NodeId id) {
  const Node& node = lowering.graph.nodes[id];
  const Shape& shape = lowering.graph.nodes[node.inputs[0]].shape;
  std::vector<View> inputs{read_blocked(lowering, node.inputs[0], lowering.layouts[id].block)};
  add_operands(lowering, id, inputs);
  PoolParameters parameters;
  parameters.window = parameters_of(window_of(node.attributes, shape));
  parameters.scale = real(node.attributes, "scale");
  parameters.zero_point = integer(node.attributes, "input_zero_point");
  add_step(lowering, id, "avgpool_u8", parameters, inputs, {});
}

// quantize, dequantize and flip_sign_bit: from whatever layout to that of the result.
void lower_conversion(Lowering& lowering, NodeId id) {
  const Node& node = lowering.graph.nodes[id];
  const bool is_map = node.shape.is_map();
  std::vector<View> inputs{is_map ? read_map(lowering, node.inputs[0])
                                  : read_vector(lowering, node.inputs[0])};
  add_operands(lowering, id, inputs);
  add_step(lowering, id, node.op, node.attributes, inputs, {});
}

}  // namespace cnnc
