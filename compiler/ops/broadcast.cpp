#include "ops/broadcast.h"

#include <fmt/format.h>

#include <algorithm>

#include "ops/checks.h"
#include "support/limits.h"

namespace cnnc {
namespace {

// The shape that counts for every pixel of a map, or the shape itself.
Shape one_pixel(const Shape& shape) {
  return shape.is_map() ? Shape{shape.channels(), 1, 1} : shape;
}

// A run has a place on the stack for each tensor that a kernel reads.
std::optional<OperatorError> want_few(std::string_view op, const std::vector<Shape>& inputs) {
  if (static_cast<int64_t>(inputs.size()) <= limits::kOperands) return std::nullopt;
  return OperatorError{
      "", fmt::format("'{}' takes at most {} tensors; found {}", op, limits::kOperands, inputs.size()),
      fmt::format("join some of them first, and '{} with' the result", op)};
}

}  // namespace

OperatorResult<Shape> infer_broadcast(std::string_view op, const std::vector<Shape>& inputs) {
  if (auto error = want_several(op, inputs)) return *error;
  if (auto error = want_few(op, inputs)) return *error;
  const auto larger = std::find_if(inputs.begin(), inputs.end(),
                                   [](const Shape& s) { return s.is_map() && s != one_pixel(s); });
  const Shape& result = larger == inputs.end() ? inputs[0] : *larger;
  const auto other = std::find_if(inputs.begin(), inputs.end(),
                                  [&](const Shape& s) { return s != result && s != one_pixel(result); });
  if (other == inputs.end()) return result;
  const std::string also =
      result == one_pixel(result) ? "" : fmt::format("; {} fits as well", to_string(one_pixel(result)));
  return OperatorError{
      "",
      fmt::format("'{}' wants tensors of one shape; found {} and {}", op, to_string(result),
                  to_string(*other)),
      fmt::format("bring them to one shape first, as a 1x1 conv with a stride does{}", also)};
}

int64_t broadcast_index(const Shape& input, const Shape& result, int64_t index) {
  return input == result ? index : index / (result.height() * result.width());
}

}  // namespace cnnc
