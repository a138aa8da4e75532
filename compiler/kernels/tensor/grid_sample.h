// Elements of a tensor at the places that a grid has (ops/spatial/grid_sample.h), as an expression.
#pragma once
#include <functional>

#include "graph/attributes.h"
#include "kernels/tensor/places.h"

namespace cnnc {

// The element of the result at `index`, channel first. `grid` and `element` are the grid's and the input's
// values at a place; the input has the shape `from`. NaN where a coordinate is.
Halide::Expr grid_sampled(const Attributes& attributes, const Shape& from, const Index& index,
                          const std::function<Halide::Expr(const Index&)>& grid,
                          const std::function<Halide::Expr(const Index&)>& element);

}  // namespace cnnc
