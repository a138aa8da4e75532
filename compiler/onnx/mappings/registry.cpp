#include "onnx/mappings/registry.h"

#include <algorithm>

#include "onnx/mappings/mappings.h"

namespace cnnc::onnx {
namespace {

struct Entry {
  std::string_view op;
  Mapping mapping;
};

// ONNX's operators, then those that recognise.cpp has found.
constexpr Entry kMappings[] = {
    {"Abs", map_plain_activation},
    {"Add", map_binary},
    {"AveragePool", map_averagepool},
    {"BatchNormalization", map_batchnorm},
    {"Cast", map_cast},
    {"Ceil", map_plain_activation},
    {"Celu", map_celu},
    {"Clip", map_clip},
    {"Concat", map_concat},
    {"Conv", map_conv},
    {"ConvTranspose", map_upconv},
    {"Cos", map_plain_activation},
    {"DepthToSpace", map_depth_to_space},
    {"Div", map_binary},
    {"Dropout", map_dropout},
    {"Elu", map_elu},
    {"Erf", map_plain_activation},
    {"Exp", map_plain_activation},
    {"Expand", map_expand},
    {"Flatten", map_flatten},
    {"Floor", map_plain_activation},
    {"Gather", map_gather},
    {"Gelu", map_gelu},
    {"Gemm", map_gemm},
    {"GlobalAveragePool", map_global_averagepool},
    {"GlobalMaxPool", map_global_maxpool},
    {"HardSigmoid", map_hardsigmoid},
    {"HardSwish", map_plain_activation},
    {"Identity", map_identity},
    {"LRN", map_lrn},
    {"LeakyRelu", map_leaky_relu},
    {"Log", map_plain_activation},
    {"LogSoftmax", map_softmax},
    {"MatMul", map_matmul},
    {"Max", map_min_max},
    {"MaxPool", map_maxpool},
    {"Mean", map_sum},
    {"Min", map_min_max},
    {"Mish", map_plain_activation},
    {"Mul", map_binary},
    {"Neg", map_neg},
    {"PRelu", map_prelu},
    {"Pad", map_pad},
    {"Pow", map_pow},
    {"Reciprocal", map_plain_activation},
    {"ReduceMax", map_reduce_max},
    {"ReduceMean", map_reduce_mean},
    {"Relu", map_plain_activation},
    {"Reshape", map_reshape},
    {"Resize", map_resize},
    {"Round", map_plain_activation},
    {"Selu", map_selu},
    {"Shape", map_shape},
    {"Shrink", map_shrink},
    {"Sigmoid", map_plain_activation},
    {"Sign", map_plain_activation},
    {"Sin", map_plain_activation},
    {"Size", map_size},
    {"Slice", map_slice},
    {"Softmax", map_softmax},
    {"Softplus", map_softplus},
    {"Softsign", map_plain_activation},
    {"SpaceToDepth", map_space_to_depth},
    {"Split", map_split},
    {"Sqrt", map_plain_activation},
    {"Squeeze", map_squeeze},
    {"Sub", map_binary},
    {"Sum", map_sum},
    {"Tanh", map_plain_activation},
    {"ThresholdedRelu", map_thresholded_relu},
    {"Transpose", map_transpose},
    {"Unsqueeze", map_unsqueeze},
    {"Upsample", map_resize},
    {"gelu", map_gelu},
    {"mish", map_plain_activation},
    {"silu", map_plain_activation},
    {"softplus", map_softplus},
    {"threshold", map_threshold},
};

}  // namespace

Mapping find_mapping(std::string_view op) {
  const auto found = std::find_if(std::begin(kMappings), std::end(kMappings),
                                  [&](const Entry& entry) { return entry.op == op; });
  return found == std::end(kMappings) ? nullptr : found->mapping;
}

std::vector<std::string_view> mapped_operators() {
  std::vector<std::string_view> names;
  for (const Entry& entry : kMappings) names.push_back(entry.op);
  return names;
}

}  // namespace cnnc::onnx
