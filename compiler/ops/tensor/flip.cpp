// The places along some axes in the opposite order.
#include "ops/axes.h"

namespace cnnc::ops {
namespace {

OperatorResult<Shape> infer(const Attributes& a, const std::vector<Shape>& inputs) {
  if (auto error = want_axes("axes", sizes(a, "axes"), inputs.at(0))) return *error;
  return inputs[0];
}

Reference evaluate(const Node& node, const std::vector<const Reference*>& inputs, const std::vector<Shape>&) {
  Strided source{0, strides_of(node.shape)};
  for (const int64_t axis : sizes(node.attributes, "axes")) {
    int64_t& stride = source.strides[static_cast<size_t>(axis)];
    source.offset += (node.shape.sizes[static_cast<size_t>(axis)] - 1) * stride;
    stride = -stride;
  }
  return picked(*inputs.at(0), indices_of(node.shape, source));
}

}  // namespace

extern const Operator flip = {"flip",
                              "the places along some axes in the opposite order",
                              tensor_facts(true),
                              1,
                              {{"axes", AttributeKind::axes, true, std::nullopt, 0, 5, "columns"}},
                              infer,
                              nullptr,
                              nullptr,
                              nullptr,
                              evaluate};

}  // namespace cnnc::ops
