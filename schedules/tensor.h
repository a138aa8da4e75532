// How tensors of any rank are computed: vectors along the channels of a block, or along the longer of the last two
// axes; sums in registers, one vector at a time, of a product of matrices a tile of rows.
#pragma once
#include <Halide.h>

#include "plan/kernel.h"
#include "target/target.h"

namespace cnnc {

struct TensorStages {
  Halide::Func result;
  Halide::Func sums;   // of a reduction or a product of matrices: updated over `along`; else undefined
  Halide::RDom along;
  Halide::Var lane, x, y, plane, image;
};

void schedule_tensor(const TensorStages& stages, const Kernel& kernel, const Target& target);

}  // namespace cnnc
