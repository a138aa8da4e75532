// A tensor as a vector, its last axis running fastest, as PyTorch does: of a map channels, height, width.
#include <fmt/format.h>

#include "ops/checks.h"

namespace cnnc::ops {
namespace {

OperatorResult<Shape> infer(const Attributes&, const std::vector<Shape>& inputs) {
  if (!inputs.at(0).is_vector()) return Shape{inputs[0].elements()};
  return OperatorError{
      "",
      fmt::format("'flatten' wants a map, or another tensor of several sizes; its input is {}",
                  describe(inputs[0])),
      "leave it out: a vector is flat already"};
}

std::string formula(const Attributes&, const std::vector<Shape>& inputs, const Shape& output) {
  return fmt::format("{} = {}", fmt::join(inputs.at(0).sizes, " * "), output.elements());
}

Reference evaluate(const Node&, const std::vector<const Reference*>& inputs, const std::vector<Shape>&) {
  return *inputs.at(0);
}

}  // namespace

extern const Operator flatten = {"flatten",
                                 "a map, or another tensor, as a vector: channel by channel, row by row",
                                 alias_facts(false),
                                 1,
                                 {},
                                 infer,
                                 nullptr,
                                 nullptr,
                                 formula,
                                 evaluate};

}  // namespace cnnc::ops
