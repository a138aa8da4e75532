#include "passes/fold_batchnorm.h"
#include "plan/lowering.h"

namespace cnnc {

namespace {

using Values = std::shared_ptr<const std::vector<float>>;

Values rounded(const std::vector<double>& values) {
  return std::make_shared<const std::vector<float>>(values.begin(), values.end());
}

// The scale and the shift of a batchnorm that no conv took; null if its parameters are not bound.
std::pair<Values, Values> constants_of(const Node& batchnorm) {
  if (!batchnorm.parameters.at(0).values) return {};
  const ScaleShift norm = scale_and_shift(batchnorm);
  return {rounded(norm.scale), rounded(norm.shift)};
}

}  // namespace

void lower_batchnorm(Lowering& lowering, NodeId id) {
  const Node& node = lowering.graph.nodes[id];
  const auto [scale, shift] = constants_of(node);
  const int64_t block = lowering.layouts[id].block;
  Packing packing;
  packing.outputs = node.shape.channels();
  packing.output_tile = block;
  const std::vector<int> constants{add_constant(lowering, node.name + ".scale", packing, scale),
                                   add_constant(lowering, node.name + ".shift", packing, shift)};
  add_step(lowering, id, "batchnorm", {}, read_alike(lowering, id), constants);
}

}  // namespace cnnc
