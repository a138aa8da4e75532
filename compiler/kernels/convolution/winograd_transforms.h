// Winograd's transforms (ops/contraction/winograd.h) as expressions.
#pragma once
#include <Halide.h>

#include <vector>

#include "ops/contraction/winograd.h"

namespace cnnc {

// input · d: the rows of two opposite points share their even and their odd part.
std::vector<Halide::Expr> transform_input(const Winograd& w, const std::vector<Halide::Expr>& d);

// filter · g.
std::vector<Halide::Expr> transform_filter(const Winograd& w, const std::vector<Halide::Expr>& g);

// output · s: of two opposite points even rows take the sum and odd rows the difference.
std::vector<Halide::Expr> transform_output(const Winograd& w, const std::vector<Halide::Expr>& s);

}  // namespace cnnc
