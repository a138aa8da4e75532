// The mappings by file; registry.cpp says which operator has which.
#pragma once
#include "onnx/translation/translation.h"

namespace cnnc::onnx {

// map_activation.cpp
void map_celu(Translation& t, const Node& node);
void map_elu(Translation& t, const Node& node);
void map_gelu(Translation& t, const Node& node);
void map_hardsigmoid(Translation& t, const Node& node);
void map_leaky_relu(Translation& t, const Node& node);
void map_plain_activation(Translation& t, const Node& node);
void map_prelu(Translation& t, const Node& node);
void map_selu(Translation& t, const Node& node);
void map_shrink(Translation& t, const Node& node);
void map_softplus(Translation& t, const Node& node);
void map_threshold(Translation& t, const Node& node);
void map_thresholded_relu(Translation& t, const Node& node);

// map_arithmetic.cpp
void map_binary(Translation& t, const Node& node);
void map_neg(Translation& t, const Node& node);
void map_pow(Translation& t, const Node& node);
void map_sum(Translation& t, const Node& node);

// map_clip.cpp
void map_clip(Translation& t, const Node& node);
void map_min_max(Translation& t, const Node& node);

// map_conv.cpp
void map_conv(Translation& t, const Node& node);

// map_dense.cpp
void map_gemm(Translation& t, const Node& node);
void map_matmul(Translation& t, const Node& node);

// map_identity.cpp
void map_cast(Translation& t, const Node& node);
void map_dropout(Translation& t, const Node& node);
void map_identity(Translation& t, const Node& node);

// map_norm.cpp
void map_batchnorm(Translation& t, const Node& node);
// Throws Unmapped where it computes the statistics of its batch, as in training.
void want_inference(const Translation& t, const Node& node);

// map_upconv.cpp
void map_upconv(Translation& t, const Node& node);

// map_shape.cpp
void map_shape(Translation& t, const Node& node);
void map_size(Translation& t, const Node& node);
void map_reshape(Translation& t, const Node& node);
void map_flatten(Translation& t, const Node& node);
void map_squeeze(Translation& t, const Node& node);
void map_unsqueeze(Translation& t, const Node& node);
void map_transpose(Translation& t, const Node& node);
void map_expand(Translation& t, const Node& node);

// map_channels.cpp
void map_concat(Translation& t, const Node& node);
void map_split(Translation& t, const Node& node);
void map_slice(Translation& t, const Node& node);
void map_gather(Translation& t, const Node& node);
void map_depth_to_space(Translation& t, const Node& node);
void map_space_to_depth(Translation& t, const Node& node);

// map_pool.cpp
void map_maxpool(Translation& t, const Node& node);
void map_averagepool(Translation& t, const Node& node);
void map_lrn(Translation& t, const Node& node);

// map_reduce.cpp
void map_reduce_mean(Translation& t, const Node& node);
void map_reduce_max(Translation& t, const Node& node);
void map_global_averagepool(Translation& t, const Node& node);
void map_global_maxpool(Translation& t, const Node& node);

// map_softmax.cpp
void map_softmax(Translation& t, const Node& node);

// map_pad.cpp
void map_pad(Translation& t, const Node& node);

// map_resize.cpp
void map_resize(Translation& t, const Node& node);
void resize_axes(Translation& t, const Node& node);  // of a tensor of any rank, any axes but the batch

}  // namespace cnnc::onnx
