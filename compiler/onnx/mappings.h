// The mappings by file; registry.cpp says which operator has which.
#pragma once
#include "onnx/translation.h"

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
void map_softplus(Translation& t, const Node& node);

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

// map_upconv.cpp
void map_upconv(Translation& t, const Node& node);

}  // namespace cnnc::onnx
