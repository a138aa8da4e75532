#include "passes/fold_batchnorm.h"
#include "plan/lower/lowering.h"

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

std::vector<int> add_scale_and_shift(Lowering& lowering, NodeId batchnorm) {
  const Node& node = lowering.graph.nodes[batchnorm];
  const auto [scale, shift] = constants_of(node);
  Packing packing;
  packing.outputs = node.shape.channels();
  packing.output_tile = lowering.layouts[batchnorm].block;
  return {add_constant(lowering, node.name + ".scale", packing, scale),
          add_constant(lowering, node.name + ".shift", packing, shift)};
}

void lower_batchnorm(Lowering& lowering, NodeId id) {
  const std::vector<View> inputs = read_alike(lowering, id);
  add_step(lowering, id, "batchnorm", {}, inputs, add_scale_and_shift(lowering, id));
}

}  // namespace cnnc
