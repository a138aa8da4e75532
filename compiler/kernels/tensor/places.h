// Places in tensors of any rank, and where the operators that move elements take them from.
#pragma once
#include <Halide.h>

#include <string_view>
#include <vector>

#include "plan/tensor_program.h"

namespace cnnc {

// Of each axis, the outermost first.
using Index = std::vector<Halide::Expr>;

// The number of a place among those of the axes from `begin` to before `end`.
Halide::Expr flattened(const Index& index, const std::vector<int64_t>& sizes, size_t begin, size_t end);

// The reverse: appended to the index.
void unflatten(Halide::Expr number, const std::vector<int64_t>& sizes, size_t begin, size_t end,
               Index& index);

// The place in a tensor that is repeated to another shape.
Index unrepeated(const Index& index, const Shape& from);

// Where in the only term of such an operator, of shape `from`, an element of its result comes from.
using Move = Index (*)(const TensorTerm& term, const Shape& from, const Index& index);

// Null of an operator that moves nothing.
Move move_of(std::string_view op);

}  // namespace cnnc
