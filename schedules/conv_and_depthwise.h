// How a convolution and the depthwise one that follows it are computed together: for a band of rows of the
// result, some blocks of channels at a time, the first one's result is put on the stack in register tiles of
// pixels of a row x these blocks; then the depthwise one reads it in register tiles of pixels and rows.
#pragma once
#include <Halide.h>

#include <vector>

#include "plan/kernel.h"

namespace cnnc {

struct ConvAndDepthwiseStages {
  Halide::Func inner_sums;  // (lane, x, y, plane, image), updated over `taps`
  Halide::Func
      expanded;       // the same with its epilogue, and zeros around it; its last update is over `columns`
  Halide::Func sums;  // updated over `filter`
  Halide::Func result;
  Halide::ImageParam inner_weight;
  Halide::Var lane, x, y, plane, image;
  // One for each update of inner_sums: input channel in its block, filter x, filter y, input block.
  std::vector<Halide::RDom> taps;
  Halide::RDom columns, filter;
  std::vector<Halide::Func>
      pixels;  // one for each update, where its input elements are staged (plan/tilings.h)
};

// By kernel.schedule (plan/choose/space_conv_and_depthwise.cpp).
void schedule_conv_and_depthwise(const ConvAndDepthwiseStages& stages, const Kernel& kernel);

}  // namespace cnnc
