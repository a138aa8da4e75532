// concat, slice and the other operators that only choose channels.
#include "plan/lower/lowering.h"

namespace cnnc {

namespace {

// A map as it lies, or a vector seen as a plain one.
View read_channels(Lowering& lowering, NodeId id) {
  const Shape& shape = lowering.graph.nodes[id].shape;
  if (shape.is_map()) return read_map(lowering, id);
  View view = read_vector(lowering, id);
  const int64_t stride = view.layout.image_stride();
  view.layout = plain_layout(shape, view.layout.images, view.layout.type);
  if (view.layout.images > 1 && stride != shape.elements()) view.layout.image_planes = stride;
  return view;
}

}  // namespace

void lower_concat(Lowering& lowering, NodeId id) {
  const Node& node = lowering.graph.nodes[id];
  const int64_t block = lowering.layouts[id].block;
  if (!is_aligned_concat(lowering.graph, node, block)) {
    std::vector<View> inputs;
    for (const NodeId input : node.inputs) inputs.push_back(read_channels(lowering, input));
    add_step(lowering, id, "concat", {}, inputs, {});
    return;
  }
  const int result = lowering.buffer_of[id] = result_buffer(lowering, id);
  const std::vector<int64_t> offsets = concat_offsets(lowering.graph, node);
  for (size_t i = 0; i < node.inputs.size(); ++i) {
    const Placement& placement = lowering.placements[node.inputs[i]];
    const bool is_there = placement.whole == id && placement.first_channel == offsets[i];
    if (!is_there) copy_to_part(lowering, node.inputs[i], result, offsets[i]);
  }
}

void lower_slice(Lowering& lowering, NodeId id) {
  const Node& node = lowering.graph.nodes[id];
  const int64_t begin = slice_begin(lowering.graph, node);
  if (!is_aligned_slice(lowering.graph, lowering.layouts, id))
    return add_step(lowering, id, "slice", SliceParameters{begin}, {read_channels(lowering, node.inputs[0])},
                    {});
  const View whole = node.shape.is_map() ? read_blocked(lowering, node.inputs[0], lowering.layouts[id].block)
                                         : read_channels(lowering, node.inputs[0]);
  lowering.buffer_of[id] = add_part(lowering, whole, begin, node.shape.channels(), node.name);
}

void lower_channel_order(Lowering& lowering, NodeId id) {
  const Node& node = lowering.graph.nodes[id];
  const View input = read_channels(lowering, node.inputs[0]);
  add_step(lowering, id, node.op, node.attributes, {input}, {});
}

}  // namespace cnnc
