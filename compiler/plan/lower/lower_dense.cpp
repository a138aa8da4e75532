#include <memory>
#include <optional>

#include "plan/lower/lowering.h"
#include "weights/small_weights.h"

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

// Weight, bias if there is one, and the scales of weights that are whole numbers. The weights are stored as
// `wanted`, which comes back, where that holds them, as it does those that were rounded to it.
std::vector<int> add_dense_constants(Lowering& lowering, const Node& node, Packing packing,
                                     ElementType& wanted) {
  const auto& values = find_parameter(node, "weight")->values;
  std::optional<ScaledWeights> scaled;
  if (wanted == ElementType::int8 && values) scaled = scaled_weights(*values, packing.outputs);
  if (values && (wanted == ElementType::int8 ? !scaled : !are_exact(*values, wanted)))
    wanted = ElementType::float32;
  packing.type = wanted;
  if (wanted != ElementType::int8) return add_weight_and_bias(lowering, node, packing);
  std::shared_ptr<const std::vector<int32_t>> numbers;
  std::shared_ptr<const std::vector<float>> scales;
  if (scaled) {
    numbers = std::make_shared<const std::vector<int32_t>>(std::move(scaled->numbers));
    scales = std::make_shared<const std::vector<float>>(std::move(scaled->scales));
  }
  Packing vector;
  vector.outputs = packing.outputs;
  vector.output_tile = packing.output_tile;
  std::vector<int> constants{add_constant(lowering, node.name + ".weight", packing, numbers)};
  if (const Parameter* bias = find_parameter(node, "bias"))
    constants.push_back(add_constant(lowering, node.name + ".bias", vector, bias->values));
  constants.push_back(add_constant(lowering, node.name + ".scale", vector, scales));
  return constants;
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
  DenseParameters parameters;
  parameters.tile = packing.output_tile;
  parameters.weights = lowering.options.weights_type;
  const std::vector<int> constants = add_dense_constants(lowering, node, packing, parameters.weights);
  add_step(lowering, id, "dense", parameters, inputs, constants);
}

}  // namespace cnnc
