// The same elements in the same order under another shape.
#include <fmt/format.h>

#include "ops/checks.h"

namespace cnnc::ops {
namespace {

OperatorResult<Shape> infer(const Attributes& a, const std::vector<Shape>& inputs) {
  const Shape result(sizes(a, "shape")), &input = inputs.at(0);
  if (auto error = want_shape("shape", result)) return *error;
  if (result.elements() == input.elements()) return result;
  return OperatorError{"shape",
                       fmt::format("{} has {} elements, and {} has {}: 'reshape' keeps them all",
                                   to_string(input), input.elements(), to_string(result), result.elements()),
                       "the product of the sizes stays the same"};
}

std::string formula(const Attributes&, const std::vector<Shape>& inputs, const Shape& output) {
  return fmt::format("{} = {}", fmt::join(inputs.at(0).sizes, " * "), fmt::join(output.sizes, " * "));
}

Reference evaluate(const Node&, const std::vector<const Reference*>& inputs, const std::vector<Shape>&) {
  return *inputs.at(0);
}

}  // namespace

extern const Operator reshape = {"reshape",
                                 "the same elements in the same order under another shape",
                                 alias_facts(false),
                                 1,
                                 {{"shape", AttributeKind::shape, true, std::nullopt, 1}},
                                 infer,
                                 nullptr,
                                 nullptr,
                                 formula,
                                 evaluate};

}  // namespace cnnc::ops
