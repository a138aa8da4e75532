// Mappings to operators of any rank and any axes, for what those of mappings/ leave: these know maps and
// vectors, where networks are fastest, and are asked first. One that has nothing to add to what they say
// throws Unmapped without a reason.
#pragma once
#include <string_view>
#include <vector>

#include "onnx/mappings/registry.h"

namespace cnnc::onnx {

// Null: there is none.
Mapping find_general_mapping(std::string_view op);

// The operators that have one.
std::vector<std::string_view> generally_mapped_operators();

// general_arithmetic.cpp
void general_binary(Translation& t, const Node& node);
void general_min_max(Translation& t, const Node& node);
void general_sum(Translation& t, const Node& node);

// general_einsum.cpp
void general_einsum(Translation& t, const Node& node);

// general_logic.cpp
void general_cast(Translation& t, const Node& node);
void general_comparison(Translation& t, const Node& node);
void general_logic(Translation& t, const Node& node);
void general_not(Translation& t, const Node& node);
void general_where(Translation& t, const Node& node);

// general_grid_sample.cpp
void general_grid_sample(Translation& t, const Node& node);

// general_matmul.cpp
void general_gemm(Translation& t, const Node& node);
void general_matmul(Translation& t, const Node& node);

// general_norm.cpp
void general_batchnorm(Translation& t, const Node& node);
void general_groupnorm(Translation& t, const Node& node);
void general_instancenorm(Translation& t, const Node& node);
void general_layernorm(Translation& t, const Node& node);
void general_lp_norm(Translation& t, const Node& node);
void general_mean_variance_norm(Translation& t, const Node& node);
void general_rmsnorm(Translation& t, const Node& node);

// general_parts.cpp
void general_concat(Translation& t, const Node& node);
void general_split(Translation& t, const Node& node);
void general_slice(Translation& t, const Node& node);
void general_gather(Translation& t, const Node& node);
void general_gather_nd(Translation& t, const Node& node);
void general_expand(Translation& t, const Node& node);
void general_tile(Translation& t, const Node& node);

// general_pad.cpp
void general_pad(Translation& t, const Node& node);

// general_power.cpp
void general_pow(Translation& t, const Node& node);
void general_prelu(Translation& t, const Node& node);

// general_reduce.cpp
void general_reduce(Translation& t, const Node& node);
void general_argmax(Translation& t, const Node& node);
void general_global_averagepool(Translation& t, const Node& node);
void general_global_maxpool(Translation& t, const Node& node);

// general_softmax.cpp
void general_softmax(Translation& t, const Node& node);

// general_volume.cpp
void general_conv(Translation& t, const Node& node);
void general_upconv(Translation& t, const Node& node);
void general_pool(Translation& t, const Node& node);

// general_winml.cpp
void general_affine(Translation& t, const Node& node);
void general_crop(Translation& t, const Node& node);
void general_image_scaler(Translation& t, const Node& node);

}  // namespace cnnc::onnx
