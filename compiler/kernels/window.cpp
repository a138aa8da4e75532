#include "kernels/window.h"

namespace cnnc {

namespace {

int size(const Kernel& kernel, std::string_view attribute, size_t i) {
  return static_cast<int>(sizes(kernel.attributes, attribute)[i]);
}

}  // namespace

Halide::Expr KernelWindow::column(const Halide::Expr& x, const Halide::Expr& tap) const {
  return x * stride_width + tap * dilation_width - pad_left;
}

Halide::Expr KernelWindow::row(const Halide::Expr& y, const Halide::Expr& tap) const {
  return y * stride_height + tap * dilation_height - pad_top;
}

KernelWindow window_of(const Kernel& kernel) {
  KernelWindow window;
  window.filter_height = size(kernel, "filter", 0);
  window.filter_width = size(kernel, "filter", 1);
  window.stride_height = size(kernel, "stride", 0);
  window.stride_width = size(kernel, "stride", 1);
  window.dilation_height = size(kernel, "dilation", 0);
  window.dilation_width = size(kernel, "dilation", 1);
  window.pad_top = size(kernel, "pad", 0);
  window.pad_left = size(kernel, "pad", 2);
  return window;
}

}  // namespace cnnc
