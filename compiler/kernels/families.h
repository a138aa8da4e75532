// The builders of the kernels' families, a file each; registry.cpp lists them. Those of families that have a
// choice of schedules (plan/choose/space.h) leave out the schedule where the kernel has a strategy.
#pragma once
#include "kernels/kernel.h"

namespace cnnc {

// Sums over all input channels of a group; result blocked by the target's lanes, input blocked or planar.
// Constants: weights (Packing::Kind::conv), optionally bias; of a prologue (BatchnormPrologue) scale and
// shift.
ScheduledKernel conv_blocked(const Kernel& kernel, const Target& target);

// The same with planar input and result, stride 1 along the width, one group.
ScheduledKernel conv_planar(const Kernel& kernel, const Target& target);

// As conv_blocked, of one group, for few output channels: sums of vectors along the input channels, whose
// lanes are added at the end. Constants: weights (Packing::Kind::conv with an output_tile of 1), optionally
// bias.
ScheduledKernel conv_few_outputs(const Kernel& kernel, const Target& target);

// As conv_blocked, of one group: vectors of weights hold half as many outputs, each for two input channels.
// Constants: weights (Packing::Kind::conv with an output_tile of half a vector and pairs of inputs),
// optionally bias.
ScheduledKernel conv_pairs(const Kernel& kernel, const Target& target);

// conv_blocked or conv_planar by Winograd's transform of the filter's columns: F(m, filter height) with m =
// ColumnsTiling::outputs; stride and dilation 1, one group. Constants: weights (Packing::Kind::winograd),
// optionally bias.
ScheduledKernel conv_winograd(const Kernel& kernel, const Target& target);

// conv_blocked by Winograd's transform of whole filters, F(m x m, 3 x 3) as Winograd2dTiling says
// (plan/tilings.h), stride and dilation 1, one group. Scratch memory holds the transformed input of these
// tiles. Constants: weights (Packing::Kind::winograd_2d), optionally bias.
ScheduledKernel conv_winograd_2d(const Kernel& kernel, const Target& target);

// Each channel with its own filter; blocked. Constants: weights (Packing::Kind::depthwise), optionally bias.
ScheduledKernel conv_depthwise(const Kernel& kernel, const Target& target);

// A convolution as conv_blocked, whose result is not stored, and conv_depthwise of it (plan/inner_conv.h).
// Constants: weights and bias of the first, weights and bias of the second.
ScheduledKernel conv_and_depthwise(const Kernel& kernel, const Target& target);

// Constants: weights (Packing::Kind::dense), optionally bias. Input: a vector.
ScheduledKernel dense(const Kernel& kernel, const Target& target);

// What an upconv's result is where no tap of the filter falls: the epilogue of the bias, or of 0. Blocked.
// Constant: optionally bias.
ScheduledKernel upconv_bias(const Kernel& kernel, const Target& target);

// The maximum (the mean) of each window of each channel. A mean is over all of the filter's taps, padding
// counted as zeros, or over PoolParameters::counted.
// Constants: of a prologue scale and shift.
ScheduledKernel maxpool(const Kernel& kernel, const Target& target);
ScheduledKernel avgpool(const Kernel& kernel, const Target& target);

// The maximum or the mean of each part of a map (ops/window/adaptive_pool.h).
ScheduledKernel adaptive_pool(const Kernel& kernel, const Target& target);

// A map of another height and width (ops/spatial/resample.h).
ScheduledKernel resample(const Kernel& kernel, const Target& target);

// Local response normalization across channels.
ScheduledKernel lrn(const Kernel& kernel, const Target& target);

// A border around a map.
ScheduledKernel pad(const Kernel& kernel, const Target& target);

// The family is the operator's name: an activation (activation.h), or add or multiply (of all inputs, of
// which those of one pixel count for every pixel), or batchnorm (constants scale and shift), or prelu
// (constant weight).
ScheduledKernel elementwise(const Kernel& kernel, const Target& target);

// softmax or log_softmax: over a vector, or over the channels of a map at each pixel.
ScheduledKernel softmax(const Kernel& kernel, const Target& target);

// Operators that only choose elements, by the family's name: concat (of all inputs), slice,
// channel_shuffle, space_to_depth, depth_to_space. The tensors have the same block.
ScheduledKernel channels(const Kernel& kernel, const Target& target);

// Tensors of any rank, by the kernel's program (plan/tensor_program.h).
ScheduledKernel tensor(const Kernel& kernel, const Target& target);

// The same tensor in another layout; lanes of padding become zeros.
ScheduledKernel copy(const Kernel& kernel, const Target& target);

// Layers of bytes (plan/lower/lower_quantized.cpp): the bytes of an input as they are stored times signed
// ones, in 32 bits from a bias on; the sum as a float times a scale, and the epilogue in strict floats
// (kernels/quantization.h). Constants: weights (int8, packed as the kernel of floats has them, conv and dense
// in pairs of 4 inputs), bias (int32), scale.
ScheduledKernel conv_u8(const Kernel& kernel, const Target& target);
ScheduledKernel conv_depthwise_u8(const Kernel& kernel, const Target& target);
ScheduledKernel dense_u8(const Kernel& kernel, const Target& target);

// A convolution of bfloat16, of one group, with sums of floats. Constants: weights (bfloat16, packed as
// conv_u8's, in pairs of 2 inputs), bias.
ScheduledKernel conv_bfloat16(const Kernel& kernel, const Target& target);

// The sum of each window's bytes, less their zero point, times PoolParameters::scale.
ScheduledKernel avgpool_u8(const Kernel& kernel, const Target& target);

// quantize, dequantize or bfloat16, by the family's name, to any layout.
ScheduledKernel quantize(const Kernel& kernel, const Target& target);

}  // namespace cnnc
