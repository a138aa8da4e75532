// Filters and windows as ONNX writes them, of one dimension or two. One becomes 1 x k: N x C x L is the map C
// x 1 x L.
#pragma once
#include <vector>

#include "onnx/translation/translation.h"

namespace cnnc::onnx {

// An attribute with a size for each of `rank` (1 or 2) dimensions, as height x width (of one
// dimension, the height is `least`); without it `default_value` for each. Throws Unmapped where it has
// others, or one that is not from `least` to 2^31 - 1.
std::vector<int64_t> pair_of(const Node& node, const std::string& name, size_t rank, int64_t default_value,
                             int64_t least);

// {top, bottom, left, right} of an attribute that lists what is added before, then after each dimension.
std::vector<int64_t> padding_of(const Node& node, const std::string& name, size_t rank);

// The attributes "filter", "stride", "dilation" and "pad" of a conv or pool with the filter `kernel` (of one
// or two dimensions) on a map of that shape. Throws Unmapped.
Attributes window_attributes(const Node& node, const std::vector<int64_t>& kernel, const Shape& input);

// ---- of Conv and ConvTranspose
// The sizes of the filter, which the weight and the attribute "kernel_shape" agree on. Throws Unmapped.
std::vector<int64_t> filter_of(const Node& node, const View& x, const Constant& weight);
// The weight, and the bias where there is one.
std::vector<Weights> convolution_weights(const Translation& t, const Node& node, const Constant& weight);
// The channels of all groups. Throws Unmapped.
int64_t channels_of(int64_t of_group, int64_t groups);

}  // namespace cnnc::onnx
