#include "kernels/window.h"

namespace cnnc {

Halide::Expr KernelWindow::column(const Halide::Expr& x, const Halide::Expr& tap) const {
  return x * stride_width + tap * dilation_width - pad_left;
}

Halide::Expr KernelWindow::row(const Halide::Expr& y, const Halide::Expr& tap) const {
  return y * stride_height + tap * dilation_height - pad_top;
}

KernelWindow window_of(const Kernel& kernel) {
  const auto size = [](int64_t n) { return static_cast<int>(n); };
  const WindowSteps &y = window_parameters(kernel).height, &x = window_parameters(kernel).width;
  KernelWindow window;
  window.filter_height = size(y.filter);
  window.filter_width = size(x.filter);
  window.stride_height = size(y.stride);
  window.stride_width = size(x.stride);
  window.dilation_height = size(y.dilation);
  window.dilation_width = size(x.dilation);
  window.pad_top = size(y.pad_before);
  window.pad_left = size(x.pad_before);
  return window;
}

}  // namespace cnnc
