#include "plan/lower/lowering.h"

namespace cnnc {

namespace {

// One weight a channel, also where the channels share one; null if it is not bound.
std::shared_ptr<const std::vector<float>> weights_of(const Node& prelu) {
  const Parameter& weight = *find_parameter(prelu, "weight");
  if (!weight.values || weight.values->size() > 1) return weight.values;
  return std::make_shared<const std::vector<float>>(prelu.shape.channels(), weight.values->front());
}

}  // namespace

void lower_prelu(Lowering& lowering, NodeId id) {
  const Node& node = lowering.graph.nodes[id];
  Packing packing;
  packing.outputs = node.shape.channels();
  packing.output_tile = lowering.layouts[id].block;
  const int weight = add_constant(lowering, node.name + ".weight", packing, weights_of(node));
  add_step(lowering, id, "prelu", {}, read_alike(lowering, id), {weight});
}

}  // namespace cnnc
