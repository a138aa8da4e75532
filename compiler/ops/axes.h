// Operators that know the axes of a tensor of any rank by their numbers, from 0.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "ops/operator.h"

namespace cnnc {

// The attribute must be an axis of that tensor. `rank` is its rank.
std::optional<OperatorError> want_axis(std::string_view attribute, int64_t axis, const Shape& input);

// Each of them must be, none twice.
std::optional<OperatorError> want_axes(std::string_view attribute, const std::vector<int64_t>& axes,
                                       const Shape& input);

// Elements between neighbours along each axis of a tensor without gaps, the last axis running fastest.
std::vector<int64_t> strides_of(const Shape& shape);

// Where an element of a tensor comes from in another one: index = offset + sum of position[i] * strides[i]. A
// stride of 0 repeats the same element along an axis.
struct Strided {
  int64_t offset = 0;
  std::vector<int64_t> strides;
};

// The index of each element of a tensor of that shape, in order.
std::vector<int64_t> indices_of(const Shape& shape, const Strided& source);

// The elements of the input at these places.
Reference picked(const Reference& input, const std::vector<int64_t>& indices);

// The axes around one: elements outside of it (`outer`), along it (`size`) and inside of it (`inner`).
struct Along {
  int64_t outer = 1, size = 1, inner = 1;
};
Along along_of(const Shape& shape, int64_t axis);

}  // namespace cnnc
