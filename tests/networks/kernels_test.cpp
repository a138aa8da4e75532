// Every family of kernels on awkward shapes: 1, primes, vector widths and their neighbours.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "networks/cases.h"
#include "networks/fault.h"
#include "plan/plan.h"

namespace {

using namespace cnnc;

// On the caller's plain tensor.
const std::vector<Case> kFirstConvs = {
    {"input x 1x1x1", {"conv 1 1x1", "conv 17 1x1 bias off", "conv 3 3x3 pad 1", "conv 2 5x5 pad 2 3 4 2"}},
    {"input x 1x13x17",
     {"conv 6 5x5 pad 2", "conv 6 5x5", "conv 1 3x3 pad same; relu", "conv 5 13x17",
      "conv 16 3x3 stride 2 pad 1", "conv 3 1x17 pad 0 0 1 0", "conv 7 3x3 dilation 3x2 pad 2",
      "conv 4 2x3 stride 2x3 pad same"}},
    {"input x 3x9x15",
     {"conv 15 3x3", "conv 16 3x3 pad 1", "conv 17 3x3 pad 0 1 2 0; tanh", "conv 31 1x1 bias off",
      "conv 2 3x3 pad 1; sigmoid", "conv 1 9x1", "conv 8 3x3 stride 3x1 pad 1"}},
    {"input x 7x3x1", {"conv 5 3x1", "conv 1 1x1; relu", "conv 9 3x3 pad 1", "conv 33 2x1 stride 2"}},
    {"input x 1x5x19", {"conv 31 3x3 pad 1 0 0 0"}},
    {"input x 1x2x13", {"conv 5 1x1 pad 1", "conv 5 1x1 stride 2x1 pad 1", "conv 3 1x200 pad 0 0 99 100"}},
    {"input x 2x1x31",
     {"conv 3 1x2", "conv 3 1x7 pad 0x3; relu", "conv 1 1x31", "conv 5 1x3 stride 1x2 pad same"}},
};
ON_EVERY_ISA("a conv on the caller's tensor is right", kFirstConvs)

// On the blocked result of another one.
const std::vector<Case> kConvs = {
    {"input i 3x7x9; conv 17 1x1 as x",
     {"conv 16 3x3 pad 1", "conv 15 3x3; relu", "conv 33 1x1 bias off", "conv 1 7x9",
      "conv 5 3x3 stride 2 pad same", "conv 31 2x2 stride 3x2", "conv 7 3x3 dilation 2x3 pad 1 2 3 0; tanh",
      "conv 9 1x1 stride 2; sigmoid"}},
    {"input i 5x1x1; conv 33 1x1 as x",
     {"conv 1 1x1", "conv 16 1x1", "conv 17 3x3 pad 1", "conv 31 1x1 bias off"}},
    {"input i 2x17x5; conv 1 3x3 pad 1; maxpool 2x1; conv 8 1x1 as x",
     {"conv 8 3x3 pad same", "conv 24 5x5 pad 2"}},
    {"input i 2x5x16; conv 48 1x1; relu as x", {"conv 65 3x3 pad 1; relu", "conv 16 1x16", "conv 97 1x1"}},
};
ON_EVERY_ISA("a conv on a blocked tensor is right", kConvs)

// A channel count that does not fill the last block, of which only what there is is multiplied.
const std::vector<Case> kPartlyFilledBlocks = {
    {"input i 3x9x14; conv 24 1x1 as x", {"conv 17 1x1", "conv 40 3x3 stride 2 pad 1; relu", "conv 5 5x5"}},
    {"input i 3x9x14; conv 7 1x1 as x", {"conv 33 1x1; relu", "conv 9 3x3 pad 2 dilation 2 stride 2"}},
};
ON_EVERY_ISA("a conv on a block that is not full is right", kPartlyFilledBlocks)

// Vectors along the input channels.
const std::vector<Case> kFewOutputs = {
    {"input i 3x9x14; conv 40 1x1 as x",
     {"conv 1 3x3 pad 1; relu", "conv 2 1x1 bias off", "conv 3 5x5 stride 2 pad 2; tanh", "conv 1 9x14",
      "conv 2 2x3 dilation 2 pad 0 1 2 3; sigmoid", "conv 1 1x3 stride 1x5"}},
    {"input i 2x5x3; conv 35 1x1 as x; conv 1 3x3 pad 1 as s; from x",
     {"conv 1 3x3 pad 1; add with s; relu"}},
};
ON_EVERY_ISA("a conv with few output channels is right", kFewOutputs)

// The same with planar results, and what is computed of them.
const std::vector<Case> kFewPlanes = {
    {"input i 3x5x19; conv 40 1x1 as x",
     {"conv 1 3x3 pad 1; relu", "conv 2 1x1 bias off; softmax",
      "conv 3 5x3 pad 2x1; tanh; add with i; square", "conv 4 2x1 dilation 2 pad 0 1 2 3; sigmoid",
      "conv 1 3x3 pad 1; conv 17 3x3 pad 1", "conv 3 1x1; conv 3 3x3 pad 1 groups 3; add with i",
      "upconv 1 2x2 stride 2; sigmoid", "upconv 2 3x3 stride 2 pad 1 output_pad 1 bias off",
      "upconv 1 1x1 stride 3; relu"}},
};
ON_EVERY_ISA("a conv to few planes is right", kFewPlanes)

const std::vector<Case> kPlanesAndBlocks = {
    {"input i 3x5x19; conv 40 1x1 as x",
     {"slice 14 17; multiply with i", "slice 16 20; softmax", "split 10 part 9; relu",
      "slice 0 3 as s; from x; slice 5 8; concat with s, i; conv 5 3x3 pad 1",
      "conv 3 1x1 as few; concat with x; channel_shuffle 43; conv 7 1x1", "conv 4 1x1; depth_to_space 2",
      "conv 3 1x1 as few2; batchnorm; prelu; concat with few2, i; slice 3 6",
      "conv 2 1x1; maxpool 2x2; pad 1 mode reflect; lrn 3 alpha 2"}},
};
ON_EVERY_ISA("planes and blocks are read as they lie", kPlanesAndBlocks)

// Maps so large that a depthwise convolution's kernel computes what it reads as well.
const std::vector<Case> kConvsAndDepthwise = {
    {"input i 3x99x84; conv 24 1x1 as x",
     {"conv 33 1x1; relu6; conv 33 3x3 pad 1 groups 33; relu6",
      "conv 35 1x1; conv 35 3x3 stride 2 pad 0 1 2 0 groups 35; tanh",
      "conv 33 1x1; relu; conv 33 5x3 pad 2x1 stride 1x3 groups 33",
      "conv 33 3x3 stride 1x2 pad 1; relu; conv 33 3x3 groups 33 dilation 2 pad 2; relu"}},
    {"input x 3x160x168",
     {"conv 48 3x3 stride 2 pad 1; sigmoid; conv 48 3x3 pad 1 groups 48",
      "conv 48 2x2 stride 2; relu; conv 48 2x3 stride 3x2 groups 48",
      "conv 48 2x2 stride 2; relu; conv 48 1x1 groups 48; relu"}},
};
ON_EVERY_ISA("a conv and the depthwise one that follows it are right together", kConvsAndDepthwise)

// What passes leave out: one value computed twice, channels that are moved to and fro.
const std::vector<Case> kMerged = {
    {"input i 3x7x9; conv 16 1x1 as x",
     {"relu as a1; from x; relu as b1; conv 16 3x3 pad 1; add with a1, b1",
      "tanh; split 2 part 1 as a2; from x; tanh; slice 8 16; add with a2",
      "concat { branch { split 2 part 0 } branch { split 2 part 1 } }; conv 5 1x1",
      "relu as r4; concat with x, i; slice 16 32; add with r4"}},
    {"input x 6x5x4",
     {"concat with x; slice 6 12; conv 3 1x1", "channel_shuffle 2; channel_shuffle 3; sigmoid",
      "sigmoid as s3; concat with x; concat with s3, x; slice 5 20; maxpool 2x2",
      "slice 1 5 as s4; slice 1 3; concat with s4"}},
    {"input x 33", {"slice 1 32; slice 4 20; dense 3", "relu; concat with x; slice 33 66; dense 5"}},
};
ON_EVERY_ISA("what is computed once for several tensors is right", kMerged)

// Tall enough for bands of 2 or 4 rows, some of which overlap.
const std::vector<Case> kWinogradConvs = {
    {"input i 3x12x7; conv 16 1x1 as x",
     {"conv 16 3x3 pad 1", "conv 33 3x3 pad 1; relu", "conv 17 5x5 pad 2; tanh", "conv 15 3x3 bias off",
      "conv 16 3x3 pad 1; add with x; relu"}},
    {"input i 3x4x5; conv 31 1x1 as x",
     {"conv 8 3x3 pad 1", "conv 32 3x3 pad same; sigmoid", "conv 7 3x3 pad 2 1 0 3"}},
    {"input i 1x16x3; conv 17 3x3 pad 1 as x",
     {"conv 31 3x3 pad 1", "conv 16 3x1 pad 1 1 0 0", "conv 9 5x3 pad 2 2 1 1"}},
    {"input i 2x6x16; conv 65 1x1 as x",
     {"conv 16 3x3", "conv 33 5x5 pad 2", "conv 16 5x1 pad 2 2 0 0; relu"}},
    {"input x 17x14x9", {"conv 24 3x3 pad 1", "conv 16 5x5 pad 2; relu"}},
};
ON_EVERY_ISA("a conv by Winograd's transform is right", kWinogradConvs)

// On blocked tensors, with tiles that overlap, of a number that the register tiles do not divide, and of
// several images in one block.
const std::vector<Case> kWinogradTileConvs = {
    {"input i 3x20x21; conv 64 1x1 as x",
     {"conv 64 3x3 pad 1", "conv 65 3x3 pad 1; relu", "conv 65 3x3 bias off; tanh",
      "conv 64 3x3 pad 1; add with x; relu", "conv 48 3x3 pad 2 1 0 3"}},
    {"input i 3x9x34; conv 64 1x1 as x", {"conv 32 3x3 pad 1", "conv 64 3x3 pad same; sigmoid"}},
    {"input i 5x17x15; conv 96 1x1 as x", {"conv 97 3x3 pad 1", "conv 32 3x3 pad 1; concat with x"}},
    {"input i 2x26x21; conv 32 1x1 as x", {"conv 32 3x3", "conv 31 3x3 pad 1; relu"}},
};
ON_EVERY_ISA("a conv by Winograd's transform of whole filters is right", kWinogradTileConvs)

// The same by their definition.
PlanOptions direct() {
  PlanOptions options;
  options.allow_winograd = false;
  return options;
}
TEST_CASE("a conv is right where Winograd's transform is forbidden (avx512)") {
  check(share_of(kWinogradConvs, Isa::avx512), Isa::avx512, direct());
}
TEST_CASE("a conv is right where Winograd's transform is forbidden (avx2)") {
  check(kWinogradConvs, Isa::avx2, direct());
}
TEST_CASE("a conv is right where Winograd's transform is forbidden (sse41)") {
  check(share_of(kWinogradConvs, Isa::sse41), Isa::sse41, direct());
}

void check_uses(const std::vector<Case>& cases, std::string_view family) {
  for (const Isa isa : {Isa::avx512, Isa::avx2, Isa::sse41})
    for (const Case& c : cases) {
      const Plan plan = make_plan(*graph_of(text_of(c)), target_for(isa));
      const bool uses = std::any_of(plan.kernels.begin(), plan.kernels.end(),
                                    [&](const Kernel& k) { return k.family == family; });
      CHECK_MESSAGE(uses, to_string(isa), "\n", to_string(plan));
    }
}

TEST_CASE("the cases for Winograd's transforms use them") {
  check_uses(kWinogradConvs, "conv_winograd");
  check_uses(kWinogradTileConvs, "conv_winograd_2d");
}

const std::vector<Case> kGroupedConvs = {
    {"input x 6x7x5",
     {"conv 6 3x3 groups 2 pad 1", "conv 6 3x3 groups 6 pad 1", "conv 12 3x3 groups 6",
      "conv 3 3x3 groups 3 bias off", "conv 34 1x1 groups 2"}},
    {"input x 8x2x13", {"conv 8 1x3 stride 2 pad same groups 8"}},
    {"input i 3x7x9; conv 16 1x1 as x",
     {"conv 16 3x3 groups 2 pad 1", "conv 16 3x3 groups 4", "conv 16 3x3 groups 16 pad 1; relu",
      "conv 32 1x1 groups 16", "conv 8 3x3 groups 8 stride 2 pad same",
      "conv 16 5x5 groups 16 stride 2 pad 2 bias off"}},
    {"input i 3x8x7; conv 17 1x1 as x",
     {"conv 17 3x3 groups 17 pad 1", "conv 17 3x3 groups 17 dilation 2 pad 2 1 0 3; tanh",
      "conv 34 3x3 groups 17", "conv 17 1x1 groups 17 stride 3x2", "conv 17 8x7 groups 17"}},
    {"input i 2x3x4; conv 64 1x1 as x",
     {"conv 64 1x1 groups 2", "conv 32 3x3 groups 4 pad 1", "conv 64 2x2 groups 32"}},
    {"input i 2x5x5; conv 15 1x1 as x",
     {"conv 15 3x3 groups 3 pad 1; relu", "conv 25 1x1 groups 5", "conv 15 5x1 groups 15"}},
};
ON_EVERY_ISA("a conv in groups is right, depthwise or not", kGroupedConvs)

const std::vector<Case> kDense = {
    {"input x 1", {"dense 1", "dense 17", "dense 1 bias off", "dense 300"}},
    {"input x 31",
     {"dense 1; relu", "dense 15; tanh", "dense 16; sigmoid", "dense 33", "dense 129; dense 7"}},
    {"input i 17; dense 17 as x", {"dense 7", "dense 513", "relu; dense 8", "softmax; dense 31"}},
    {"input i 3x5x7; flatten as x", {"dense 10", "relu; dense 1"}},
    {"input i 3x5x7; conv 17 3x3 pad 1; relu; flatten as x", {"dense 10", "dense 84; relu; dense 3"}},
    {"input i 2x4x4; conv 6 3x3 pad 1; conv 1 2x2 pad 1; flatten as x", {"dense 9"}},
    {"input i 2x4x6; conv 15 1x1; global_avgpool; flatten as x", {"dense 16", "batchnorm; dense 5"}},
};
ON_EVERY_ISA("a dense layer is right on a vector and on a flattened map", kDense)

const std::vector<Case> kPools = {
    {"input x 3x5x9", {"avgpool 2x2 pad 1", "maxpool 2x2 pad 1"}},
    {"input x 2x3x17", {"maxpool 2x2 pad 1", "avgpool 3x3 stride 2 pad 1"}},
    {"input x 3x7x9",
     {"maxpool 2x2", "avgpool 2x2", "maxpool 3x3 stride 2 pad 1", "avgpool 3x3 stride 2 pad 1", "maxpool 7x9",
      "avgpool 5x3 stride 1x2 pad 2 1 0 2", "maxpool 2x2 dilation 3 stride 1",
      "maxpool 3x3 pad same stride 1"}},
    {"input i 2x11x8; conv 17 1x1 as x",
     {"maxpool 2x2", "avgpool 2x2 pad same", "maxpool 3x3 stride 2 pad 1; relu", "avgpool 3x3 stride 1 pad 1",
      "avgpool 11x8", "maxpool 5x2 stride 3x1 pad 1 2 0 1", "avgpool 2x3 dilation 2 stride 2 pad 0 0 1 1"}},
    {"input x 1x1x1",
     {"maxpool 1x1", "avgpool 1x1", "maxpool 2x2 pad 1 0 1 0", "avgpool 3x3 pad 1", "global_maxpool"}},
    {"input x 5x1x17",
     {"maxpool 1x2", "avgpool 1x3 stride 1", "global_avgpool; flatten", "global_maxpool; relu"}},
    {"input i 1x9x7; conv 33 1x1 as x",
     {"global_avgpool", "global_maxpool; flatten", "global_avgpool; conv 5 1x1"}},
    {"input i 1x6x6; conv 3 3x3 pad 1; relu as x",
     {"maxpool 2x2; conv 5 3x3 pad 1", "avgpool 3x3 stride 1 pad 1; conv 16 3x3 pad 2; maxpool 2x2"}},
};
ON_EVERY_ISA("a pool is right", kPools)

// Every second or third pixel of one row after the other. Of a single channel the places that border rows are
// read from are constants; with padding above alone, the caller's tensor is read as it lies.
const std::vector<Case> kPoolsOfOneChannel = {
    {"input x 1x7x7",
     {"maxpool 3x3 stride 2 pad 1", "avgpool 3x3 stride 3 pad 1", "maxpool 4x2 stride 1x3 pad same",
      "avgpool 2x3 stride 3x2 pad 1 include_pad off", "maxpool 2x1 stride 3x2", "maxpool 1x3 stride 1x2"}},
    {"input x 1x28x33",
     {"maxpool 2x2; maxpool 2x2; maxpool 3x3 stride 2 pad 1", "avgpool 3x3 stride 2 pad 1",
      "maxpool 3x2 stride 2x4 pad 1 0 0 0"}},
    {"input x 5x11x6", {"slice 2 3; maxpool 3x5 stride 2x3 pad 1", "slice 4 5; avgpool 2x2"}},
    {"input i 16x3x9; conv 1 3x3 pad 1 as x",
     {"maxpool 2x1 stride 3x2; relu", "avgpool 1x3 stride 1x3 pad 0x1"}},
    {"input x 1x1x37",
     {"maxpool 1x3 stride 1x2 pad 0x1", "avgpool 1x4 stride 1x3", "resize 1x18", "resize 1x12"}},
    {"input x 3x5x17", {"maxpool 2x2 stride 1x2 pad 1x0", "avgpool 3x3 stride 2x3 pad 2 1 0 0"}},
    {"input x 1x6x5", {"maxpool 3x2 stride 1x2 pad 1x0", "avgpool 2x3 stride 1x3 pad 1 0 0 0"}},
};
ON_EVERY_ISA("a pool of one channel or of rows of odd length is right", kPoolsOfOneChannel)

const std::vector<Case> kPrologues = {
    {"input i 3x12x10; conv 20 3x3 pad 1; maxpool 3x3 stride 1 pad 1 as x",
     {"batchnorm; relu; conv 33 1x1", "batchnorm; conv 16 1x1 bias off; relu",
      "batchnorm; tanh; conv 48 1x1 stride 2x3", "batchnorm; leaky_relu; avgpool 2x2",
      "batchnorm; relu; maxpool 3x2 stride 4x2", "batchnorm; sigmoid; global_avgpool; flatten",
      "batchnorm; relu; global_maxpool"}},
    {"input i 2x17x19; conv 32 3x3 pad 1; maxpool 3x3 stride 1 pad 1 as x",
     {"residual { batchnorm; relu; conv 32 1x1 }; relu",
      "batchnorm; relu; relu6; conv 128 1x1; conv 8 3x3 pad 1",
      "concat { branch { } branch { batchnorm; relu; conv 48 1x1; conv 16 3x3 pad 1 } }; batchnorm; relu; "
      "conv 64 1x1",
      "batchnorm; relu; conv 32 1x1; avgpool 2x2",
      "batchnorm; relu; conv 64 1x1; relu; conv 64 3x3 pad 1 groups 64"}},
};
ON_EVERY_ISA("a batchnorm that another kernel computes is right", kPrologues)

const std::vector<Case> kAveragesOfConvs = {
    {"input x 3x5x9", {"conv 5 1x1; avgpool 2x2", "conv 33 1x1 bias off; global_avgpool; relu"}},
    {"input i 2x6x7; conv 20 3x3 pad 1; relu as x",
     {"conv 17 1x1; avgpool 2x2; relu",
      "conv 16 1x1 bias off; batchnorm; avgpool 3x3 stride 2; conv 5 3x3 pad 1",
      "conv 20 1x1 groups 20; avgpool 2x2", "conv 4 1x1; avgpool 6x7; flatten; dense 3",
      "conv 33 1x1; global_avgpool", "conv 2 1x1; avgpool 2x3 dilation 2 stride 2",
      "conv 1 1x1; avgpool 2x2"}},
    {"input i 2x6x8; conv 16 3x3 pad 1 as x",
     {"concat { branch { conv 16 1x1; avgpool 2x2 } branch { conv 7 1x1; avgpool 2x2 } branch { maxpool 2x2 "
      "} }",
      "residual { conv 16 1x1; avgpool 2x2 } shortcut { maxpool 2x2 }",
      "conv 20 1x1; avgpool 2x2; conv 20 3x3 pad 1 groups 20; relu"}},
};
ON_EVERY_ISA("the average of a 1x1 convolution is right", kAveragesOfConvs)

const std::vector<Case> kEdgePools = {
    {"input x 3x7x9",
     {"maxpool 2x2 ceil on", "avgpool 2x2 ceil on", "maxpool 3x3 stride 2 pad 1 ceil on",
      "avgpool 3x3 stride 2 pad 1 include_pad off", "avgpool 3x3 stride 3x2 pad 1 ceil on",
      "avgpool 3x2 stride 2 pad 1 0 0 1 ceil on include_pad off", "maxpool 3x3 stride 4 ceil on",
      "avgpool 3x3 dilation 2 stride 2 pad 2 include_pad off"}},
    {"input i 2x8x5; conv 17 1x1 as x",
     {"maxpool 3x3 stride 2 ceil on", "avgpool 3x3 stride 2 ceil on; relu",
      "avgpool 3x3 pad 1 stride 1 include_pad off", "avgpool 5x5 stride 4 ceil on",
      "avgpool 5x5 stride 4 ceil on include_pad off", "avgpool 2x2 pad same include_pad off",
      "maxpool 9x6 stride 2 ceil on"}},
};
ON_EVERY_ISA("a pool with windows over the edge is right", kEdgePools)

const std::vector<Case> kAdaptivePools = {
    {"input x 3x7x9",
     {"adaptive_avgpool 7x3", "adaptive_avgpool 3x4", "adaptive_maxpool 2x5", "adaptive_maxpool 9x11",
      "adaptive_avgpool 9x1"}},
    {"input i 1x13x11; conv 17 1x1 as x",
     {"adaptive_avgpool 6", "adaptive_maxpool 6x11; conv 5 3x3 pad 1", "adaptive_avgpool 1; flatten; dense 3",
      "adaptive_avgpool 14x22", "adaptive_maxpool 13x1; relu"}},
    {"input x 1x1x1", {"adaptive_avgpool 3x2", "adaptive_maxpool 1"}},
    {"input x 1x1x65537", {"adaptive_maxpool 1x40000"}},  // beyond 32 bits: 65537 * 40000
};
ON_EVERY_ISA("an adaptive pool is right", kAdaptivePools)

const std::vector<Case> kResampled = {
    {"input x 3x5x7",
     {"upsample 2",
      "upsample 3x1",
      "upsample 2x3 mode bilinear",
      "upsample 2 mode bilinear align_corners on",
      "resize 3x4",
      "resize 9x17",
      "resize 11x3 mode bilinear",
      "resize 1 mode bilinear align_corners on",
      "resize 2x3 mode bilinear",
      "resize 2x9 places half_pixel rounding half_down",
      "resize 9x4 places corners rounding half_up",
      "upsample 2 places tf_half_pixel_for_nn rounding ceil",
      "upsample 2 mode bilinear places asymmetric",
      "resize 8x4 mode bilinear places tf_half_pixel_for_nn",
      "resize 8x4 row_scale 1.7 column_scale 0.6 places half_pixel_symmetric rounding half_down",
      "resize 8x4 row_scale 1.7 column_scale 0.6 mode bilinear places pytorch_half_pixel",
      "upsample 2 mode bicubic",
      "resize 3x11 mode bicubic align_corners on",
      "resize 8x4 row_scale 1.7 column_scale 0.6 mode bicubic",
      "resize 4x17 mode bicubic cubic_coefficient (-0.5) exclude_outside on",
      "upsample 3x1 mode bicubic places asymmetric"}},
    {"input i 2x6x5; conv 17 1x1 as x",
     {"upsample 2; conv 5 3x3 pad 1", "upsample 2x9", "upsample 2 mode bilinear", "resize 7x13; relu",
      "resize 13x4 mode bilinear align_corners on; conv 3 1x1", "upsample 3x4 mode bilinear", "resize 3x2",
      "resize 6x5 mode bilinear", "resize 7x13 places half_pixel rounding ceil; relu",
      "resize 10x8 row_scale 1.7 column_scale 1.7 mode bilinear; conv 3 1x1",
      "upsample 2 mode bicubic; conv 5 3x3 pad 1", "resize 4x13 mode bicubic exclude_outside on"}},
    {"input x 1x1x1",
     {"upsample 17", "upsample 2 mode bilinear", "resize 3x2 mode bilinear align_corners on",
      "resize 3x2 mode bicubic exclude_outside on", "upsample 4 places half_pixel rounding ceil"}},
    // Rows of planes as wide as the result, of which those of a band of rows of the result are made.
    {"input x 2x5x9",
     {"upsample 4", "upsample 7x3 mode bilinear align_corners on", "resize 33x40 mode bilinear",
      "resize 47x20 mode bicubic", "resize 20x4 mode bilinear places asymmetric",
      "resize 19x31 places corners rounding half_up", "upsample 3x1 mode bicubic exclude_outside on"}},
    {"input x 2x1x34", {"resize 1x17", "resize 1x11", "resize 1x5"}},
    {"input x 1x1x65537",
     {"resize 1x40000", "resize 1x40000 mode bilinear", "resize 1x40000 mode bicubic"}},  // beyond 32 bits
};
ON_EVERY_ISA("a map of another size is right", kResampled)

const std::vector<Case> kPadded = {
    {"input x 3x5x7",
     {"pad 1", "pad 2 1 0 3 value (-1.5)", "pad 4 mode reflect", "pad 4x6 mode reflect",
      "pad 1 9 17 0 mode replicate", "pad 0"}},
    {"input i 2x6x5; conv 17 1x1 as x",
     {"pad 1; conv 5 3x3", "pad 3 value 0.5; conv 4 3x3 pad 1", "pad 0 1 2 3 mode reflect",
      "pad 7 mode replicate; relu"}},
    {"input x 1x1x1", {"pad 1", "pad 20 mode replicate", "pad 0 mode reflect"}},
};
ON_EVERY_ISA("a border is right", kPadded)

const std::vector<Case> kLrn = {
    {"input x 3x5x7",
     {"lrn 5", "lrn 2 alpha 0.5 k 2; relu", "lrn 1 alpha 3 beta 1", "lrn 2147483647 alpha 9 beta 0.5"}},
    {"input i 2x4x5; conv 17 1x1 as x",
     {"lrn 5 alpha 1 k 2; conv 5 3x3 pad 1", "lrn 4 alpha 2 beta 0", "lrn 33 alpha 2",
      "lrn 3 alpha 1 beta 1.25", "lrn 5 alpha 0.7 beta 0.6"}},
    {"input i 2x2x3; conv 48 1x1 as x", {"lrn 5 alpha 4", "lrn 40 alpha 4 beta 2", "lrn 17 alpha 1 beta 16"}},
    {"input x 1x1x1", {"lrn 1", "lrn 6 beta 0.33"}},
    {"input i 1x1x2; conv 5000 1x1 as x", {"lrn 3 alpha 1"}},
};
ON_EVERY_ISA("a local response normalization is right", kLrn)

const std::vector<Case> kUpconvs = {
    {"input x 3x5x7",
     {"upconv 17 2x2 stride 2", "upconv 5 3x3 stride 2 pad 1 output_pad 1",
      "upconv 1 4x4 stride 2 pad 1; tanh", "upconv 16 1x1 bias off", "upconv 7 2x2 stride 3; relu",
      "upconv 8 3x2 dilation 2x3"}},
    {"input i 2x4x5; conv 17 1x1 as x",
     {"upconv 16 2x2 stride 2; conv 5 3x3 pad 1", "upconv 33 3x3 stride 2 pad 1 output_pad 1; relu",
      "upconv 17 3x3 pad 1", "upconv 5 5x4 stride 2x3 pad 2 1 0 3; batchnorm; relu",
      "upconv 15 3x3 stride 2 dilation 2 output_pad 1", "upconv 9 2x3 stride 4x1 output_pad 3x0 bias off",
      "upconv 4 3x3 stride 2 dilation 3 pad 1", "upconv 17 3x3 pad 1; add with x; relu",
      "upconv 8 1x1 stride 5 pad 3 2 0 1"}},
    {"input i 3x3x4; conv 16 1x1 as x",
     {"upconv 16 3x3 stride 2 groups 16 pad 1", "upconv 32 2x2 stride 2 groups 16",
      "upconv 16 2x2 stride 2 groups 2 bias off", "upconv 8 3x3 groups 4; batchnorm",
      "upconv 16 2x2 stride 3 groups 16; relu"}},
    {"input x 6x2x3", {"upconv 6 3x3 stride 2 groups 6", "upconv 4 2x2 stride 2 groups 2"}},
    {"input x 1x1x1", {"upconv 1 1x1", "upconv 3 5x5 stride 2 pad 2", "upconv 17 3x3 stride 3"}},
    {"input i 2x3x5; conv 20 1x1; relu as x",
     {"upconv 20 2x2 stride 2 as up; batchnorm; from x; upsample 2; add with up; relu",
      "upconv 12 4x4 stride 2 pad 1; sigmoid as s; from x; conv 12 1x1; upsample 2; add with s",
      "upsample 2 as u2; from x; upconv 20 2x2 stride 2; add with u2; relu",
      "upsample 3 as u3; from x; upconv 20 2x2 stride 3 output_pad 1; add with u3; relu"}},
};
ON_EVERY_ISA("a transposed conv is right", kUpconvs)

const std::vector<Case> kElementwise = {
    {"input x 3x5x7",
     {"relu", "tanh", "sigmoid", "batchnorm", "batchnorm; relu", "dropout; sigmoid", "add with x, x"}},
    {"input x 17x1x1",
     {"relu", "tanh", "sigmoid", "batchnorm", "add with x", "batchnorm; tanh; batchnorm; relu"}},
    {"input x 31",
     {"dense 3; residual { dropout; relu }", "relu", "tanh", "sigmoid; tanh", "batchnorm", "add with x, x, x",
      "dropout"}},
    {"input x 1", {"relu", "sigmoid", "batchnorm; relu", "add with x"}},
    {"input i 2x7x5; conv 17 1x1; maxpool 2x2 stride 1 as x",
     {"relu", "batchnorm", "batchnorm; relu; conv 15 3x3 pad 1 bias off; batchnorm; tanh",
      "sigmoid; conv 3 1x1", "add with x; relu", "batchnorm; flatten"}},
    // Maps of one pixel that have a halo, for the conv that reads them too.
    {"input i 8x2x2; maxpool 2x2 as x",
     {"sigmoid; conv 16 1x1 as c; from x; conv 16 3x3 pad 1; add with c",
      "residual { conv 64 3x3 pad 1 } shortcut { batchnorm; relu; conv 64 1x1 }",
      "add with x as a; from x; conv 8 3x3 pad 1; add with a"}},
    {"input i 9; dense 33 as x",
     {"batchnorm; relu", "tanh; batchnorm", "relu; add with x", "softmax; sigmoid"}},
};
ON_EVERY_ISA("an elementwise operator is right", kElementwise)

// On a plain tensor, blocked ones whose last block is full or not, a vector, behind a conv and behind each
// other.
const std::vector<Case> kActivations = {
    {"input x 3x5x7",
     {"abs", "relu6", "leaky_relu", "prelu", "prelu per_channel on", "elu", "selu", "gelu",
      "gelu approximate on", "silu", "mish", "softplus", "hardswish", "hardsigmoid",
      "clip min (-0.3) max 0.4", "hardsigmoid slope 0.2", "clip min 0.1", "clip max 0.4"}},
    {"input i 2x7x5; conv 17 1x1; maxpool 2x2 stride 1 as x",
     {"relu6; elu alpha 0.3", "leaky_relu slope (-1.5)", "prelu; relu", "prelu per_channel on", "selu; mish",
      "gelu; batchnorm; gelu", "gelu approximate on", "softplus beta 3 threshold 0.5; silu",
      "hardswish; add with x; hardsigmoid", "clip min (-1e-3) max 1e-3; conv 5 1x1"}},
    // Values up to 12, where activations reach their limits.
    {"input i 5x9x7; add with i, i, i, i, i, i, i, i, i, i, i as x",
     {"relu6", "elu", "selu", "gelu", "gelu approximate on", "silu", "mish", "softplus", "hardswish",
      "hardsigmoid", "tanh", "sigmoid", "clip min (-3) max 9", "hardsigmoid slope 0.3 offset 0.25",
      "clip min (-1)", "clip max 2"}},
    {"input i 3x6x6; conv 16 3x3 pad 1; relu as x",
     {"conv 16 3x3 pad 1; mish", "conv 15 1x1; batchnorm; leaky_relu", "conv 17 3x3 stride 2; gelu",
      "conv 16 3x3 groups 16 pad 1; hardswish", "conv 16 1x1; softplus; add with x; selu", "conv 20 1x1; abs",
      "conv 4 1x1; prelu per_channel on",
      "conv 3 1x1; elu; relu6; clip min 0 max 1; silu; hardsigmoid; softplus",
      "conv 2 1x1; gelu; gelu; gelu; gelu; gelu; gelu; gelu; gelu; gelu; gelu"}},
    {"input i 9; dense 33 as x",
     {"gelu; dense 5; silu", "abs", "prelu per_channel on", "prelu", "mish; hardswish",
      "softplus beta 0.1; elu", "dense 16; clip min (-0.1) max 0.1; leaky_relu"}},
    {"input x 1x4x9", {"conv 1 3x3 pad 1; silu", "conv 3 3x3; gelu approximate on", "conv 2 2x2; selu"}},
};
ON_EVERY_ISA("an activation is right, on its own and fused", kActivations)

// Elementary functions, also where their result is no number.
const std::vector<Case> kFunctions = {
    {"input x 3x5x7",
     {"neg", "square", "reciprocal", "sqrt", "exp", "log", "erf", "sin", "cos", "floor", "ceil", "round",
      "sign"}},
    {"input i 2x7x5; conv 17 1x1; maxpool 2x2 stride 1 as x",
     {"neg; relu", "square; sqrt", "sqrt; relu", "abs; sqrt; conv 5 1x1", "sigmoid; reciprocal",
      "relu; reciprocal", "exp; relu", "abs; log; conv 5 1x1", "relu; log; tanh", "sin; cos",
      "erf; batchnorm", "round; tanh", "sign", "floor; add with x; ceil", "relu; sign; conv 5 1x1"}},
    {"input i 2x7x5; conv 17 1x1; maxpool 2x2 stride 1 as x",
     {"softsign; celu alpha 2", "threshold 0.1 value (-7); conv 5 1x1", "shrink lambda 0.2 bias 0.2; tanh",
      "celu", "relu; threshold 0 value 1", "shrink lambda 0 bias 1"}},
    // Values up to 132, where e^x is beyond the range of float, and their fourth powers, of which a sine has
    // turned around many times.
    {"input i 5x9x7; add with i, i, i, i, i, i, i, i, i, i, i; add with i as x",
     {"exp",
      "add with x, x, x, x, x, x, x, x, x, x; exp; log",
      "square; square; sin",
      "square; square; cos; conv 3 1x1",
      "square; square; square; square; square; square; square; square; square",
      "log",
      "erf",
      "square; log",
      "floor",
      "ceil",
      "round",
      "sign",
      "softsign",
      "celu",
      "celu alpha 0.1",
      "threshold 0.25",
      "threshold (-0.25) value 3",
      "shrink",
      "shrink lambda 0.25 bias 0.5",
      "add with x, x; floor; conv 3 1x1",
      "softsign",
      "celu alpha 20",
      "threshold 4 value (-3e38)",
      "shrink lambda 3 bias 100"}},
    {"input i 3x6x6; conv 16 3x3 pad 1 as x",
     {"conv 16 3x3 pad 1; celu alpha 0.3; batchnorm", "conv 17 1x1; threshold 0.2", "conv 20 1x1; softsign",
      "conv 16 3x3 groups 16 pad 1; shrink lambda 0.1 bias 0.1", "conv 16 3x3 pad 1; floor",
      "conv 16 3x3 groups 16 pad 1; ceil; relu", "conv 17 1x1; round", "conv 20 1x1; sign",
      "conv 16 3x3 pad 1; exp; log", "conv 15 1x1; sin", "conv 16 3x3 groups 16 pad 1; erf",
      "conv 7 1x1; cos; sin", "conv 16 3x3 pad 1; square; neg",
      "conv 16 1x1; sigmoid; sqrt; add with x; relu", "conv 16 3x3 groups 16 pad 1; neg",
      "conv 20 1x1; softplus; reciprocal", "conv 5 1x1; sqrt"}},
    {"input i 9; dense 33 as x",
     {"neg; dense 5; square",
      "square; dense 7; sigmoid; sqrt",
      "reciprocal",
      "sqrt",
      "neg",
      "square",
      "exp; dense 5; sin",
      "log",
      "erf",
      "sin",
      "cos",
      "dense 7; cos; abs; log",
      "floor",
      "ceil",
      "round",
      "sign; dense 3",
      "celu alpha 3",
      "softsign",
      "threshold 0.5",
      "shrink; dense 3"}},
};
ON_EVERY_ISA("a function of an element is right, on its own and fused", kFunctions)

// Kernels that have no vectors, where LLVM may call the C library for what is an instruction of vectors.
const std::vector<Case> kFunctionsOfOne = {
    {"input x 1x7x1",
     {"gate { neg }", "gate { square }", "gate { sqrt }", "gate { reciprocal }", "gate { exp }",
      "gate { log }", "gate { erf }", "gate { sin }", "gate { cos }", "gate { floor }", "gate { ceil }",
      "gate { round }", "gate { sign }", "gate { softsign }", "gate { celu }", "gate { threshold 0.1 }",
      "gate { shrink }"}},
    {"input i 1x1x1; conv 1 1x1 as x",
     {"conv 1 1x1; neg", "conv 1 1x1; square", "conv 1 1x1; sqrt", "conv 1 1x1; reciprocal",
      "conv 1 1x1; exp", "conv 1 1x1; log", "conv 1 1x1; erf", "conv 1 1x1; sin", "conv 1 1x1; cos",
      "conv 1 1x1; floor", "conv 1 1x1; ceil", "conv 1 1x1; round", "conv 1 1x1; sign",
      "conv 1 1x1; softsign", "conv 1 1x1; celu", "conv 1 1x1; threshold 0.1", "conv 1 1x1; shrink"}},
};
ON_EVERY_ISA("a function of a single element is right", kFunctionsOfOne)

const std::vector<Case> kProducts = {
    {"input i 3x7x5; conv 17 3x3 pad 1; relu as x",
     {"gate { global_avgpool; conv 4 1x1; relu; conv 17 1x1; sigmoid }",
      "gate { global_avgpool; conv 4 1x1; silu; conv 17 1x1; hardsigmoid }; add with x; relu",
      "gate { tanh }", "gate { }; relu", "global_maxpool; multiply with x",
      "conv 17 1x1; multiply with x; relu", "conv 17 3x3 pad 1; sigmoid; multiply with x, x; add with x",
      "global_avgpool; add with x; conv 5 3x3 pad 1",
      "global_avgpool as p; relu; multiply with p; multiply with x"}},
    {"input x 3x4x6",
     {"gate { global_avgpool }", "gate { conv 3 1x1; sigmoid }", "global_maxpool; add with x, x; gelu",
      "multiply with x", "gate { global_avgpool; conv 3 1x1; softmax }; conv 3 3x3 pad 1"}},
    {"input i 5x3x3; conv 16 1x1 as x", {"gate { global_avgpool; conv 16 1x1 }; conv 16 3x3 pad 1"}},
    {"input x 1x1x1", {"gate { sigmoid }", "gate { conv 1 1x1 }"}},
    {"input i 7; dense 19 as x",
     {"gate { dense 19; sigmoid }", "multiply with x, x; relu",
      "dense 19; multiply with x; tanh; add with x"}},
};
ON_EVERY_ISA("a product of tensors is right, of one shape or of one pixel, fused or not", kProducts)

const std::vector<Case> kSoftmax = {
    {"input x 1", {"softmax"}},
    {"input x 2", {"softmax", "tanh; softmax"}},
    {"input x 17",
     {"softmax", "dense 7; softmax", "dense 16; softmax", "dense 33; softmax; dense 2", "softmax; softmax"}},
    {"input i 3x2x5; conv 7 1x1; flatten as x", {"softmax", "relu; softmax"}},
    {"input x 1001", {"softmax"}},
    {"input x 4099", {"softmax"}},
    {"input x 30011", {"softmax", "log_softmax"}},
    {"input x 1", {"log_softmax"}},
    // Of values far from 0.
    {"input x 4000", {"log_softmax; dense 5; log_softmax", "log_softmax; dense 17; log_softmax"}},
    {"input i 5; dense 17 as x", {"log_softmax", "log_softmax; tanh; dense 3"}},
    {"input x 3x5x9", {"softmax", "log_softmax", "conv 2 1x1; softmax"}},
    {"input x 2x3x1", {"softmax", "relu; log_softmax; relu"}},
    {"input x 1x1x1", {"softmax", "log_softmax"}},
    {"input x 21x1x1", {"softmax"}},
    {"input x 2000x2x5", {"softmax", "log_softmax"}},
    {"input i 2x5x7; conv 16 3x3 pad 1 as x", {"softmax", "log_softmax; relu", "softmax; conv 5 3x3 pad 1"}},
    {"input i 2x5x7; conv 21 1x1 as x",
     {"softmax", "log_softmax", "maxpool 2x2; softmax; conv 3 1x1", "global_avgpool; softmax; flatten"}},
    {"input i 2x5x7; conv 16 3x3 stride 2 pad 1; conv 21 1x1 as x",
     {"softmax", "log_softmax", "relu; softmax; conv 3 3x3 pad 1", "softmax; flatten"}},
    {"input i 2x1x2; conv 17001 1x1 as x", {"softmax", "log_softmax"}},
};
ON_EVERY_ISA("a softmax is right", kSoftmax)

const std::vector<Case> kLayouts = {
    {"input x 1x3x5", {"flatten", "flatten; relu", "conv 1 1x1; flatten", "conv 17 1x1; flatten"}},
    {"input i 2x3x5; conv 15 1x1 as x",
     {"flatten", "flatten; relu", "relu; flatten; batchnorm", "flatten; tanh; dense 2"}},
    {"input i 2x3x5; conv 16 1x1 as x", {"flatten", "flatten; tanh", "conv 3 3x3 pad 1; flatten"}},
    {"input i 2x3x5; conv 17 1x1 as x", {"flatten", "flatten; softmax", "global_maxpool; flatten; relu"}},
    {"input i 13x1x1; conv 31 1x1 as x", {"flatten", "flatten; dense 3", "flatten; relu; dense 17"}},
};
ON_EVERY_ISA("a flattened map is in the order of its channels", kLayouts)

const std::vector<Case> kJoins = {
    {"input i 3x7x5; conv 17 3x3 pad 1 as x",
     {"conv 17 1x1; add with x", "conv 17 3x3 pad 1; add with x; relu",
      "conv 17 1x1; tanh; add with x; sigmoid",
      "residual { conv 17 3x3 pad 1; relu; conv 17 3x3 pad 1 }; relu",
      "residual { conv 5 3x3 stride 2 pad 1; batchnorm } shortcut project; "
      "relu",
      "residual { maxpool 3x3 stride 1 pad 1 } shortcut { conv 17 1x1; "
      "batchnorm }",
      "conv 17 1x1; add with x, x; relu", "conv 17 3x3 groups 17 pad 1; add with x; relu"}},
    {"input x 3x7x5",
     {"residual { conv 3 3x3 pad 1 }", "residual { relu; conv 3 1x1; batchnorm }; tanh",
      "conv 3 1x1; add with x, x", "residual { conv 33 3x3 pad 1 } shortcut project",
      "maxpool 1x1; add with x; relu"}},
    {"input x 19",
     {"residual { dense 19; relu; dense 19 }; relu", "dense 19; add with x",
      "dense 19; add with x, x; tanh"}},
    {"input i 7; dense 17 as x",
     {"residual { dense 17; batchnorm }", "dense 17; relu; add with x; relu; dense 5"}},
    {"input a 2x5x5; input b 2x5x5; conv 2 3x3 pad 1; add with a as x",
     {"add with b", "conv 7 1x1", "add with a, b; relu"}},
    {"input i 2x5x5; conv 3 3x3 pad 1 as p; conv 33 1x1; conv 3 1x1 as x",
     {"add with p", "add with p, p; relu"}},
};
ON_EVERY_ISA("a sum of tensors is right, fused or not", kJoins)

// Whole networks: inputs and outputs as they come.
const std::vector<Case> kInterfaces = {
    {"input x 3x5x5", {"", "relu as r", "output r as again"}},
    {"input a 3x5x5; input b 7; relu; from a; conv 17 3x3 as x",
     {"", "from a", "from b", "relu", "output x as same"}},
    {"input i 1x4x4; conv 16 4x4; relu as x",
     {"", "flatten; dense 5", "output x as again; flatten; softmax"}},
    {"input i 4; dense 16; relu as x", {"", "dense 16", "output x as again; from i"}},
    {"input unused 5; input i 2x3x3; maxpool 2x2 stride 1 pad 1 as x", {"output i as same; relu", "flatten"}},
};
// All of them everywhere: they need each other.
TEST_CASE("inputs and outputs are right: in the middle, twice, an input itself, an unused input") {
  for (const Isa isa : {Isa::avx512, Isa::avx2, Isa::sse41}) check(kInterfaces, isa);
}

const std::vector<Case> kChannels = {
    {"input i 5x6x7; conv 40 1x1 as x",
     {"slice 0 16", "slice 16 40; conv 16 3x3 pad 1", "slice 3 35; relu", "split 4 part 1",
      "channel_shuffle 4", "channel_shuffle 5; conv 8 3x3 pad 1", "slice 32 33; sigmoid"}},
    {"input x 6x4x6",
     {"slice 1 3; conv 16 3x3 pad 1", "split 3 part 2", "channel_shuffle 3", "space_to_depth 2",
      "conv 24 1x1; depth_to_space 2; conv 3 3x3 pad 1", "conv 17 1x1; space_to_depth 2; relu"}},
    {"input i 33; dense 40 as x",
     {"slice 3 17; dense 5", "slice 0 16; relu", "split 4 part 3; tanh; dense 3", "concat with i; dense 7",
      "channel_shuffle 8", "concat with i, x; relu", "slice 39 40; relu"}},
};
ON_EVERY_ISA("operators that choose channels are right", kChannels)

const std::vector<Case> kConcats = {
    {"input i 3x7x5; conv 16 3x3 pad 1 as a; conv 32 1x1 as b; conv 24 1x1; relu as x",
     {"concat with a, b", "concat with i", "from a; concat with b; conv 16 3x3 pad 1",
      "concat with x, x; conv 8 1x1", "from b; concat with a, x; maxpool 3x3 pad 1 stride 1",
      "concat with a; concat with b; conv 16 1x1 pad 1"}},
    {"input i 16x6x6; conv 16 3x3 pad 1 as x",
     {"concat { branch { } branch { batchnorm; relu; conv 16 3x3 pad 1 } }; concat { branch { } branch { "
      "conv 8 3x3 "
      "pad 1 } }; batchnorm; relu; conv 16 1x1",
      "concat with i; global_avgpool; flatten; dense 4", "concat with i; flatten; dense 4"}},
    {"input i 1x5x4; conv 2 3x3 pad 1 as a; conv 3 3x3 pad 1 as x",
     {"concat with a, i", "concat with i; conv 4 3x3"}},
};
ON_EVERY_ISA("concat is right, in its place, copied or gathered", kConcats)

const std::vector<Case> kBatches = {
    {"input i 3x9x8; conv 16 3x3 pad 1 as a; relu; conv 24 1x1 as x",
     {"conv 24 3x3 pad 1; batchnorm; relu; add with x", "maxpool 2x2; flatten; dense 10; softmax",
      "conv 24 3x3 groups 24", "concat with a; conv 8 1x1",
      "concat with a, i; avgpool 3x3; flatten; dense 7; relu; dense 5", "slice 16 24; conv 16 1x1",
      "flatten; slice 5 40; sigmoid", "global_maxpool; flatten"}},
    {"input x 1x12x12",
     {"conv 6 5x5; tanh; maxpool 2x2; conv 16 3x3; flatten; dense 12", "relu", "", "flatten; dense 40"}},
    // Of the caller's channels some are copied, into memory that has room for them alone.
    {"input x 3x5x7",
     {"slice 1 2; conv 4 3x3 pad 1", "slice 2 3; maxpool 3x3 stride 2 pad 1", "slice 0 2; conv 2 5x5 pad 2"}},
    {"input x 19", {"dense 33; relu; dense 17; softmax", "add with x; tanh", "dense 100; slice 7 30"}},
};

TEST_CASE("a batch is right, of all images together or image by image (avx512)") {
  for (const int64_t cut : share_of_cuts({0, 4, 9, 100}, Isa::avx512))
    check(share_of(kBatches, Isa::avx512), Isa::avx512, batch_of(3, cut));
}
TEST_CASE("a batch is right, of all images together or image by image (avx2)") {
  for (const int64_t cut : share_of_cuts({0, 3, 12, 100}, Isa::avx2))
    check(kBatches, Isa::avx2, batch_of(8, cut));
}
TEST_CASE("a batch is right, of all images together or image by image (sse41)") {
  for (const int64_t cut : {0, 5}) check(share_of(kBatches, Isa::sse41), Isa::sse41, batch_of(2, cut));
}

}  // namespace
