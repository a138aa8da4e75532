// The axes of a tensor in another order: axis i of the result is axis ORDER[i] of the input, as in PyTorch.
#include <fmt/format.h>

#include "ops/axes.h"

namespace cnnc::ops {
namespace {

OperatorResult<Shape> infer(const Attributes& a, const std::vector<Shape>& inputs) {
  const std::vector<int64_t>& order = sizes(a, "order");
  const Shape& input = inputs.at(0);
  if (auto error = want_axes("order", order, input)) return *error;
  if (order.size() != input.rank())
    return OperatorError{"order",
                         fmt::format("'permute' wants each of the {} axes of {}; found {} of them",
                                     input.rank(), to_string(input), order.size()),
                         "axis i of the result is the input's axis that stands there"};
  Shape result = input;
  for (size_t i = 0; i < order.size(); ++i) result.sizes[i] = input.sizes[static_cast<size_t>(order[i])];
  return result;
}

Reference evaluate(const Node& node, const std::vector<const Reference*>& inputs,
                   const std::vector<Shape>& shapes) {
  const std::vector<int64_t> strides = strides_of(shapes.at(0));
  Strided source;
  for (const int64_t axis : sizes(node.attributes, "order"))
    source.strides.push_back(strides[static_cast<size_t>(axis)]);
  return picked(*inputs.at(0), indices_of(node.shape, source));
}

}  // namespace

extern const Operator permute = {"permute",
                                 "the axes in another order",
                                 tensor_facts(false),
                                 1,
                                 {{"order", AttributeKind::axes, true, std::nullopt, 0, 5, "1 2 0"}},
                                 infer,
                                 nullptr,
                                 nullptr,
                                 nullptr,
                                 evaluate};

}  // namespace cnnc::ops
