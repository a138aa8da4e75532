#include <cmath>

#include "plan/lowering.h"

namespace cnnc {

namespace {

using Values = std::shared_ptr<const std::vector<float>>;

// y = (x - mean) / sqrt(var + eps) * weight + bias as y = x * scale + shift (Ioffe & Szegedy 2015, algorithm
// 2), computed in double. Null if the parameters are not bound.
std::pair<Values, Values> scale_and_shift(const Node& node) {
  const Values weight = find_parameter(node, "weight")->values, bias = find_parameter(node, "bias")->values,
               mean = find_parameter(node, "running_mean")->values,
               variance = find_parameter(node, "running_var")->values;
  if (!weight || !bias || !mean || !variance) return {};
  const double eps = real(node.attributes, "eps");
  std::vector<float> scale(weight->size()), shift(weight->size());
  for (size_t c = 0; c < scale.size(); ++c) {
    const double s = (*weight)[c] / std::sqrt((*variance)[c] + eps);
    scale[c] = static_cast<float>(s);
    shift[c] = static_cast<float>((*bias)[c] - (*mean)[c] * s);
  }
  return {std::make_shared<const std::vector<float>>(std::move(scale)),
          std::make_shared<const std::vector<float>>(std::move(shift))};
}

}  // namespace

void lower_batchnorm(Lowering& lowering, NodeId id) {
  const Node& node = lowering.graph.nodes[id];
  const auto [scale, shift] = scale_and_shift(node);
  const int64_t block = lowering.layouts[id].block;
  Packing packing;
  packing.outputs = node.shape.channels();
  packing.output_tile = block;
  const std::vector<int> constants{add_constant(lowering, node.name + ".scale", packing, scale),
                                   add_constant(lowering, node.name + ".shift", packing, shift)};
  std::vector<View> inputs;
  for (const NodeId input : node.inputs)
    inputs.push_back(node.shape.is_map() ? read_blocked(lowering, input, block)
                                         : read_vector(lowering, input, lowering.layouts[id].elements()));
  add_step(lowering, id, "batchnorm", {}, inputs, constants);
}

}  // namespace cnnc
