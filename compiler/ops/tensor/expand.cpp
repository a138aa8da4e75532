// Axes of size 1, or ones that are not there in front, repeated until the tensor has the shape: numpy's
// broadcast_to.
#include <fmt/format.h>

#include "ops/axes.h"
#include "ops/checks.h"
#include "ops/elementwise/broadcast.h"

namespace cnnc::ops {
namespace {

OperatorResult<Shape> infer(const Attributes& a, const std::vector<Shape>& inputs) {
  const Shape result(sizes(a, "shape")), &input = inputs.at(0);
  if (auto error = want_shape("shape", result)) return *error;
  if (is_broadcastable(input, result)) return result;
  return OperatorError{"shape",
                       fmt::format("{} cannot be repeated to {}", to_string(input), to_string(result)),
                       "counted from the last axis, each size of the input is that of the result, or 1"};
}

Reference evaluate(const Node& node, const std::vector<const Reference*>& inputs,
                   const std::vector<Shape>& shapes) {
  return picked(*inputs.at(0), indices_of(node.shape, broadcast_source(shapes.at(0), node.shape)));
}

}  // namespace

extern const Operator expand = {"expand",
                                "the tensor repeated along axes of size 1",
                                tensor_facts(true),
                                1,
                                {{"shape", AttributeKind::shape, true, std::nullopt, 1}},
                                infer,
                                nullptr,
                                nullptr,
                                nullptr,
                                evaluate};

}  // namespace cnnc::ops
