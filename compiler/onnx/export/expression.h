// What the expressions of single operators (express_*.cpp) are written with.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "graph/graph.h"
#include "onnx/model.h"
#include "ops/window/window.h"

namespace cnnc::onnx {

// Why an operator has no form in ONNX: thrown by expressions, caught where nodes are walked.
struct Unwritable {
  std::string why;
  std::string hint;
};

// One node of the network, and the model that it is written into.
struct Layer {
  const Graph& graph;
  const std::vector<std::string>& values;  // what the model calls the value of each node of the graph
  NodeId id;
  Model& model;
};

// Adds the ONNX nodes that compute the layer's value. Throws Unwritable.
using Expression = void (*)(const Layer&);

const cnnc::Node& node_of(const Layer& layer);
const cnnc::Attributes& attributes_of(const Layer& layer);
const Shape& input_shape(const Layer& layer);  // of the first input
std::string input(const Layer& layer);         // the value of the first input
std::vector<std::string> inputs(const Layer& layer);
// All inputs with the rank of the layer's value: ONNX counts axes from the last, and images are the first
// (express_tensor.cpp).
std::vector<std::string> inputs_of_one_rank(const Layer& layer);

// ---- constants of the model; each returns its name
// A parameter, under the name that it has in files of weights, with its own dimensions or others.
std::string parameter(const Layer& layer, std::string_view name);
std::string parameter(const Layer& layer, std::string_view name, std::vector<int64_t> dims);
// What the layer needs besides: "relu6_1/max".
std::string scalar(const Layer& layer, std::string_view role, double value);
std::string list(const Layer& layer, std::string_view role, std::vector<int64_t> values);
std::string tensor(const Layer& layer, std::string_view role, std::vector<int64_t> dims,
                   std::vector<float> values);
// Throws Unwritable if a constant of so many elements were out of proportion; called before it is made.
void require_moderate(int64_t elements);

// ---- nodes of the model
using NodeAttributes = std::map<std::string, Attribute>;
// A step on the way to the layer's value; returns its own: "silu1/sigmoid".
std::string step(const Layer& layer, std::string_view role, std::string_view op,
                 std::vector<std::string> inputs, NodeAttributes attributes = {});
// The node that computes the layer's value.
void finish(const Layer& layer, std::string_view op, std::vector<std::string> inputs,
            NodeAttributes attributes = {});

// top, left, bottom, right
std::vector<int64_t> pads_of(const Window& window);
// kernel_shape, strides, pads and dilations.
NodeAttributes attributes_of(const Window& window);

// ---- the expressions by file; express.cpp says which operator has which.
// express_contraction.cpp
void express_conv(const Layer& layer);
void express_upconv(const Layer& layer);
void express_dense(const Layer& layer);
void express_batchnorm(const Layer& layer);

// express_pool.cpp
void express_maxpool(const Layer& layer);
void express_avgpool(const Layer& layer);
void express_adaptive_maxpool(const Layer& layer);
void express_adaptive_avgpool(const Layer& layer);

// express_activation.cpp
void express_relu6(const Layer& layer);
void express_clip(const Layer& layer);
void express_leaky_relu(const Layer& layer);
void express_prelu(const Layer& layer);
void express_elu(const Layer& layer);
void express_gelu(const Layer& layer);
void express_silu(const Layer& layer);
void express_mish(const Layer& layer);
void express_softplus(const Layer& layer);
void express_celu(const Layer& layer);
void express_shrink(const Layer& layer);
void express_threshold(const Layer& layer);
void express_square(const Layer& layer);
void express_hardsigmoid(const Layer& layer);
void express_softmax(const Layer& layer);
void express_log_softmax(const Layer& layer);
void express_dropout(const Layer& layer);

// express_norm.cpp
void express_groupnorm(const Layer& layer);
void express_instancenorm(const Layer& layer);
void express_l2norm(const Layer& layer);
void express_layernorm(const Layer& layer);
void express_rmsnorm(const Layer& layer);

// express_spatial.cpp
void express_upsample(const Layer& layer);
void express_resize(const Layer& layer);
void express_pad(const Layer& layer);
void express_lrn(const Layer& layer);
void express_space_to_depth(const Layer& layer);
void express_depth_to_space(const Layer& layer);
void express_grid_sample(const Layer& layer);
void express_grid_sample_constant(const Layer& layer);

// express_channels.cpp
void express_flatten(const Layer& layer);
void express_add(const Layer& layer);
void express_multiply(const Layer& layer);
void express_concat(const Layer& layer);
void express_slice(const Layer& layer);
void express_split(const Layer& layer);
void express_channel_shuffle(const Layer& layer);

// express_volume.cpp
void express_avgpool3d(const Layer& layer);
void express_conv3d(const Layer& layer);
void express_maxpool3d(const Layer& layer);
void express_upconv3d(const Layer& layer);

// express_tensor.cpp
void express_add_constant(const Layer& layer);
void express_affine(const Layer& layer);
void express_concat_along(const Layer& layer);
void express_crop(const Layer& layer);
void express_divide(const Layer& layer);
void express_divide_constant(const Layer& layer);
void express_expand(const Layer& layer);
void express_flip(const Layer& layer);
void express_matmul(const Layer& layer);
void express_maximum(const Layer& layer);
void express_maximum_constant(const Layer& layer);
void express_minimum(const Layer& layer);
void express_equal(const Layer& layer);
void express_equal_constant(const Layer& layer);
void express_greater(const Layer& layer);
void express_greater_constant(const Layer& layer);
void express_greater_equal(const Layer& layer);
void express_greater_equal_constant(const Layer& layer);
void express_less(const Layer& layer);
void express_less_constant(const Layer& layer);
void express_less_equal(const Layer& layer);
void express_less_equal_constant(const Layer& layer);
void express_where(const Layer& layer);
void express_minimum_constant(const Layer& layer);
void express_multiply_constant(const Layer& layer);
void express_pad_along(const Layer& layer);
void express_permute(const Layer& layer);
void express_argmax(const Layer& layer);
void express_argmin(const Layer& layer);
void express_int32(const Layer& layer);
void express_reduce_max(const Layer& layer);
void express_reduce_mean(const Layer& layer);
void express_reduce_min(const Layer& layer);
void express_reduce_product(const Layer& layer);
void express_reduce_sum(const Layer& layer);
void express_reshape(const Layer& layer);
void express_subtract(const Layer& layer);
void express_subtract_constant(const Layer& layer);
void express_tile(const Layer& layer);

}  // namespace cnnc::onnx
