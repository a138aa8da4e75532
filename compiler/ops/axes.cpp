#include "ops/axes.h"

#include <fmt/format.h>

#include <algorithm>

#include "ops/checks.h"

namespace cnnc {

std::optional<OperatorError> want_axis(std::string_view attribute, int64_t axis, const Shape& input) {
  const auto rank = static_cast<int64_t>(input.rank());
  if (axis >= 0 && axis < rank) return std::nullopt;
  const std::string axes = rank == 1 ? "one axis, 0" : fmt::format("axes 0 to {}", rank - 1);
  return OperatorError{
      std::string(attribute), fmt::format("{} has {}; found {}", describe(input), axes, axis),
      "axes are counted from 0; those of a map are called channels, rows and columns as well"};
}

std::optional<OperatorError> want_axes(std::string_view attribute, const std::vector<int64_t>& axes,
                                       const Shape& input) {
  for (size_t i = 0; i < axes.size(); ++i) {
    if (auto error = want_axis(attribute, axes[i], input)) return error;
    if (std::find(axes.begin(), axes.begin() + static_cast<std::ptrdiff_t>(i), axes[i]) !=
        axes.begin() + static_cast<std::ptrdiff_t>(i))
      return OperatorError{std::string(attribute), fmt::format("axis {} is given twice", axes[i]),
                           "leave one out"};
  }
  return std::nullopt;
}

std::vector<int64_t> strides_of(const Shape& shape) {
  std::vector<int64_t> strides(shape.rank(), 1);
  for (size_t i = shape.rank(); i-- > 1;) strides[i - 1] = strides[i] * shape.sizes[i];
  return strides;
}

std::vector<int64_t> indices_of(const Shape& shape, const Strided& source) {
  std::vector<int64_t> indices = {source.offset};
  indices.reserve(static_cast<size_t>(shape.elements()));
  for (size_t axis = 0; axis < shape.rank(); ++axis) {
    std::vector<int64_t> next;
    next.reserve(indices.size() * static_cast<size_t>(shape.sizes[axis]));
    for (const int64_t index : indices)
      for (int64_t i = 0; i < shape.sizes[axis]; ++i) next.push_back(index + i * source.strides[axis]);
    indices = std::move(next);
  }
  return indices;
}

Reference picked(const Reference& input, const std::vector<int64_t>& indices) {
  Reference result;
  result.terms = input.terms;
  for (const int64_t index : indices) {
    result.values.push_back(input.values.at(static_cast<size_t>(index)));
    result.bounds.push_back(input.bounds.at(static_cast<size_t>(index)));
  }
  return result;
}

Along along_of(const Shape& shape, int64_t axis) {
  Along along;
  for (size_t i = 0; i < shape.rank(); ++i) {
    const auto at = static_cast<int64_t>(i);
    (at < axis ? along.outer : at == axis ? along.size : along.inner) *= shape.sizes[i];
  }
  return along;
}

}  // namespace cnnc
