// A tensor as a whole so many times along each axis: numpy's tile.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "ops/axes.h"
#include "ops/checks.h"
#include "support/checked.h"

namespace cnnc::ops {
namespace {

OperatorResult<Shape> infer(const Attributes& a, const std::vector<Shape>& inputs) {
  const auto& repeats = sizes(a, "repeats");
  Shape result = inputs.at(0);
  if (auto error = want_in_range("repeats", repeats, 1)) return *error;
  if (repeats.size() != result.rank())
    return OperatorError{"repeats",
                         fmt::format("{} has {} sizes; found {} numbers of repeats", describe(result),
                                     result.rank(), repeats.size()),
                         fmt::format("write a number for each, 1 where it stays: 'tile {}'",
                                     fmt::join(std::vector<int64_t>(result.rank(), 1), "x"))};
  for (size_t i = 0; i < repeats.size(); ++i) {
    const auto size = checked_multiply(result.sizes[i], repeats[i]);
    if (!size) return OperatorError{"repeats", "the result would have more than 2^63 places", ""};
    result.sizes[i] = *size;
  }
  if (auto error = want_elements("repeats", "the result", result)) return *error;
  return result;
}

std::string formula(const Attributes& a, const std::vector<Shape>& inputs, const Shape& output) {
  std::vector<std::string> axes;
  for (size_t i = 0; i < output.rank(); ++i)
    axes.push_back(
        fmt::format("{} * {} = {}", inputs.at(0).sizes[i], sizes(a, "repeats")[i], output.sizes[i]));
  return fmt::format("{}", fmt::join(axes, ", "));
}

// Axis by axis: the index of each element of the input, and of each again for each repeat.
Reference evaluate(const Node& node, const std::vector<const Reference*>& inputs,
                   const std::vector<Shape>& shapes) {
  const std::vector<int64_t> strides = strides_of(shapes.at(0));
  std::vector<int64_t> indices = {0};
  for (size_t axis = 0; axis < strides.size(); ++axis) {
    std::vector<int64_t> next;
    for (const int64_t index : indices)
      for (int64_t i = 0; i < node.shape.sizes[axis]; ++i)
        next.push_back(index + i % shapes[0].sizes[axis] * strides[axis]);
    indices = std::move(next);
  }
  return picked(*inputs.at(0), indices);
}

}  // namespace

extern const Operator tile = {"tile",
                              "the whole tensor several times along its axes",
                              tensor_facts(true),
                              1,
                              {{"repeats", AttributeKind::shape, true, std::nullopt, 1, 2147483647, "1x2x2"}},
                              infer,
                              nullptr,
                              nullptr,
                              formula,
                              evaluate};

}  // namespace cnnc::ops
