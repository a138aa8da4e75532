// A kernel's sliding window as Halide expressions.
#pragma once
#include <Halide.h>

#include "plan/kernel.h"

namespace cnnc {

struct KernelWindow {
  int filter_height = 1, filter_width = 1;
  int stride_height = 1, stride_width = 1;
  int dilation_height = 1, dilation_width = 1;
  int pad_top = 0, pad_left = 0;

  // The input's column that filter column `tap` of result column `x` reads; the same of rows.
  Halide::Expr column(const Halide::Expr& x, const Halide::Expr& tap) const;
  Halide::Expr row(const Halide::Expr& y, const Halide::Expr& tap) const;
};

// Of a convolution or a pool.
KernelWindow window_of(const Kernel& kernel);

}  // namespace cnnc
