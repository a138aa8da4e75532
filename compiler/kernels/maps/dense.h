// What dense layers of floats and of bytes have in common.
#pragma once
#include <Halide.h>

#include "kernels/tensors.h"
#include "plan/kernel.h"
#include "target/target.h"

namespace cnnc {

// Outputs in a vector of a layer that computes so many together.
int dense_lanes(int64_t tile, const Target& target);

// The loops over tiles of outputs and images of the result (lane, x, y, plane, image), and where in them the
// sums of a tile are computed, by kernel.schedule (plan/choose/space_dense.cpp).
void schedule_dense_tiles(Halide::Func sums, Halide::Func result, const Coordinates& at, const Kernel& kernel,
                          int lanes);

}  // namespace cnnc
