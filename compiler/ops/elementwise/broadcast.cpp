#include "ops/elementwise/broadcast.h"

#include <fmt/format.h>

#include <algorithm>

#include "ops/checks.h"

namespace cnnc {
namespace {

// A run has a place on the stack for each tensor that a kernel reads.
std::optional<OperatorError> want_few(std::string_view op, const std::vector<Shape>& inputs, int64_t most) {
  if (static_cast<int64_t>(inputs.size()) <= most) return std::nullopt;
  return OperatorError{"", fmt::format("'{}' takes at most {} tensors; found {}", op, most, inputs.size()),
                       fmt::format("join some of them first, and '{} with' the result", op)};
}

// What fits as well beside a map.
std::string also_fits(const Shape& shape) {
  const bool is_larger = shape.is_map() && shape.height() * shape.width() > 1;
  return is_larger ? fmt::format("; {} fits as well", to_string(Shape{shape.channels(), 1, 1})) : "";
}

}  // namespace

std::optional<Shape> repeated_together(const Shape& a, const Shape& b) {
  Shape result = a.rank() >= b.rank() ? a : b;
  const Shape& other = a.rank() >= b.rank() ? b : a;
  const size_t missing = result.rank() - other.rank();
  for (size_t i = 0; i < other.rank(); ++i) {
    int64_t& size = result.sizes[missing + i];
    if (size == 1) size = other.sizes[i];
    if (other.sizes[i] != 1 && other.sizes[i] != size) return std::nullopt;
  }
  return result;
}

OperatorResult<Shape> infer_broadcast(std::string_view op, const std::vector<Shape>& inputs, int64_t most) {
  if (auto error = want_several(op, inputs)) return *error;
  if (auto error = want_few(op, inputs, most)) return *error;
  Shape result = inputs[0];
  for (const Shape& input : inputs) {
    const std::optional<Shape> both = repeated_together(result, input);
    if (!both)
      return OperatorError{
          "",
          fmt::format("'{}' wants tensors of one shape, or sizes of 1 in its place; found {} and {}", op,
                      to_string(result), to_string(input)),
          fmt::format("bring them to one shape first, as a 1x1 conv with a stride does{}",
                      also_fits(result))};
    result = *both;
  }
  if (auto error = want_elements("", "the result", result)) return *error;
  return result;
}

OperatorResult<Shape> broadcast_shape(std::string_view attribute, const Shape& a, const Shape& b) {
  const std::optional<Shape> both = repeated_together(a, b);
  if (!both)
    return OperatorError{
        std::string(attribute),
        fmt::format("a constant of {} does not fit a tensor of {}", to_string(b), to_string(a)),
        "counted from the last axis, sizes are the same, or one of them is 1"};
  if (auto error = want_elements(attribute, "the result", *both)) return *error;
  return *both;
}

bool is_broadcastable(const Shape& from, const Shape& to) {
  return from.rank() <= to.rank() && repeated_together(from, to) == to;
}

Strided broadcast_source(const Shape& from, const Shape& to) {
  Strided source{0, std::vector<int64_t>(to.rank())};
  const std::vector<int64_t> strides = strides_of(from);
  const size_t missing = to.rank() - from.rank();
  for (size_t i = 0; i < from.rank(); ++i)
    if (from.sizes[i] != 1) source.strides[missing + i] = strides[i];
  return source;
}

std::vector<Reference> broadcast(const std::vector<const Reference*>& inputs,
                                 const std::vector<Shape>& shapes, const Shape& result) {
  std::vector<Reference> all;
  for (size_t i = 0; i < inputs.size(); ++i)
    all.push_back(shapes[i] == result
                      ? *inputs[i]
                      : picked(*inputs[i], indices_of(result, broadcast_source(shapes[i], result))));
  return all;
}

}  // namespace cnnc
