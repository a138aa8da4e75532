#include "plan/lower/lowering.h"

namespace cnnc {

namespace {

// For each stored element of a layout without halo, its place in the order of the shape; -1 for padding.
std::vector<int64_t> stored_positions(const Layout& layout) {
  std::vector<int64_t> positions(static_cast<size_t>(layout.image_stride()), -1);
  for (int64_t c = 0; c < layout.channels; ++c)
    for (int64_t y = 0; y < layout.height; ++y)
      for (int64_t x = 0; x < layout.width; ++x)
        positions[layout.index(c, y, x)] = (c * layout.height + y) * layout.width + x;
  return positions;
}

}  // namespace

DenseInput read_for_dense(Lowering& lowering, NodeId id) {
  DenseInput input{read_without_halo(lowering, id), {}};
  Layout& layout = input.view.layout;
  if (layout.height * layout.width == 1) return input;
  if (layout.block > 1) input.positions = stored_positions(layout);
  // The kernel sees what is stored, in the order in which it is stored.
  layout = plain_layout(Shape{layout.image_stride()}, layout.images, layout.type);
  return input;
}

void lower_dense(Lowering& lowering, NodeId id) {
  const Node& node = lowering.graph.nodes[id];
  DenseInput input = read_for_dense(lowering, node.inputs[0]);
  Packing packing;
  packing.kind = Packing::Kind::dense;
  packing.outputs = node.shape.channels();
  packing.inputs = lowering.graph.nodes[node.inputs[0]].shape.elements();
  packing.output_tile = lowering.layouts[id].block;
  packing.positions = std::move(input.positions);
  std::vector<View> inputs{input.view};
  for (size_t i = 1; i < node.inputs.size(); ++i)
    inputs.push_back(read_vector(lowering, node.inputs[i], lowering.layouts[id].one_image().elements()));
  add_step(lowering, id, "dense", DenseParameters{packing.output_tile}, inputs,
           add_weight_and_bias(lowering, node, packing));
}

}  // namespace cnnc
