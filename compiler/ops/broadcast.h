// Sums and products of several tensors: of one shape or, beside a map, of maps of its channels x 1 x 1, whose
// one value counts for every pixel of the channel.
#pragma once
#include "ops/operator.h"

namespace cnnc {

// The shape rule of the operator `op`: the shape of the largest input, which all others fit.
OperatorResult<Shape> infer_broadcast(std::string_view op, const std::vector<Shape>& inputs);

// The index in a tensor of shape `input` of what counts for element `index` of the result.
int64_t broadcast_index(const Shape& input, const Shape& result, int64_t index);

}  // namespace cnnc
