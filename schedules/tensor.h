// How tensors of any rank are computed: vectors along the channels of a block, or along the longer of the
// last two axes; sums in registers, of a product of matrices for a tile of rows and columns.
#pragma once
#include <Halide.h>

#include "plan/kernel.h"
#include "target/target.h"

namespace cnnc {

struct TensorStages {
  Halide::Func result{"result"};
  Halide::Var lane, x, y, plane, image;
  int sum_term = -1;  // of the program: the reduction or product; -1: none, and what follows is undefined
  Halide::Func sums{
      "sums"};            // (lane, x, y, plane, image), updated over `along`; or where they are made in parts
  Halide::RDom along;     // over `parts`,
  int lanes_of_sums = 0;  // so many (0: they are not)
  Halide::Func partial{
      "partial"};  // (part, lane, x, y, plane, image), updated over `along`, then over `rest`
  Halide::Var part{"part"};
  Halide::RDom rest, parts;
};

void schedule_tensor(const TensorStages& stages, const Kernel& kernel, const Target& target);

}  // namespace cnnc
