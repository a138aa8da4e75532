#include "plan/inner_conv.h"

#include <algorithm>

namespace cnnc {

namespace {

constexpr int64_t kMostStack = 128 << 10;  // bytes, of each thread; docs/library.md states the total

// What a window reads along an axis for so many results.
int64_t read_for(const WindowSteps& axis, int64_t results) {
  return (results - 1) * axis.stride + (axis.filter - 1) * axis.dilation + 1;
}

// The size of the inner result with the zeros around it that the windows read.
Layout map_of(const Kernel& kernel) {
  const ConvParameters& conv = conv_of(kernel);
  const WindowSteps& row = conv.window.width;
  Layout map = kernel.output.interior();
  map.height = conv.inner->height;
  map.width = conv.inner->width;
  map.left = row.pad_before;
  map.right = std::max<int64_t>(0, read_for(row, kernel.output.width) - row.pad_before - map.width);
  return map;
}

}  // namespace

Kernel inner_conv(const Kernel& kernel) {
  const InnerConv& of = *conv_of(kernel).inner;
  ConvParameters conv;
  conv.window = of.window;
  Kernel inner;
  inner.family = "conv_blocked";
  inner.parameters = std::move(conv);
  inner.inputs = kernel.inputs;
  inner.output = map_of(kernel);
  inner.epilogue = of.epilogue;
  return inner;
}

int64_t inner_rows(const Kernel& kernel, int64_t rows) {
  return read_for(conv_of(kernel).window.height, rows);
}

int64_t kept_rows(const Kernel& kernel, int64_t rows) {
  int64_t kept = 1;
  while (kept < inner_rows(kernel, rows)) kept *= 2;
  return kept;
}

int64_t kept_bytes(const Kernel& kernel, int64_t rows, int64_t blocks) {
  const Layout map = map_of(kernel);
  return map.bytes_of(kept_rows(kernel, rows) * map.pitch() * map.block * blocks);
}

bool inner_fits_stack(const Kernel& kernel, int64_t rows, int64_t blocks) {
  return kept_bytes(kernel, rows, blocks) <= kMostStack;
}

}  // namespace cnnc
