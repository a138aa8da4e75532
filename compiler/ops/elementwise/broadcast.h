// Element by element on several tensors under numpy's broadcasting rule: counted from the last axis, sizes
// are the same, or 1, or are not there; along such an axis the one value counts for every place.
#pragma once
#include "ops/axes.h"
#include "ops/operator.h"
#include "support/limits.h"

namespace cnnc {

// The shape rule of the operator `op`, which takes at most so many tensors: the shape that all others fit.
OperatorResult<Shape> infer_broadcast(std::string_view op, const std::vector<Shape>& inputs,
                                      int64_t most = limits::kOperands);

// The shape of two tensors together; the error is that of an attribute.
OperatorResult<Shape> broadcast_shape(std::string_view attribute, const Shape& a, const Shape& b);

// The shape that both are repeated to; empty where they do not fit.
std::optional<Shape> repeated_together(const Shape& a, const Shape& b);

// Whether a tensor of shape `from`, repeated, has the shape `to`.
bool is_broadcastable(const Shape& from, const Shape& to);

// Where the elements of such a tensor stand in it.
Strided broadcast_source(const Shape& from, const Shape& to);

// The elements of each input, one for each of the result.
std::vector<Reference> broadcast(const std::vector<const Reference*>& inputs,
                                 const std::vector<Shape>& shapes, const Shape& result);

}  // namespace cnnc
