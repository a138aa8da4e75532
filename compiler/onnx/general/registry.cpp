#include <algorithm>
#include <utility>

#include "onnx/general/general.h"
#include "onnx/mappings/mappings.h"

namespace cnnc::onnx {
namespace {

constexpr std::pair<std::string_view, Mapping> kMappings[] = {
    {"Add", general_binary},
    {"Affine", general_affine},
    {"And", general_logic},
    {"ArgMax", general_argmax},
    {"ArgMin", general_argmax},
    {"AveragePool", general_pool},
    {"BatchNormalization", general_batchnorm},
    {"Cast", general_cast},
    {"Concat", general_concat},
    {"Conv", general_conv},
    {"ConvTranspose", general_upconv},
    {"Crop", general_crop},
    {"Div", general_binary},
    {"Einsum", general_einsum},
    {"Equal", general_comparison},
    {"Expand", general_expand},
    {"Gather", general_gather},
    {"GatherND", general_gather_nd},
    {"Gemm", general_gemm},
    {"GlobalAveragePool", general_global_averagepool},
    {"GlobalMaxPool", general_global_maxpool},
    {"Greater", general_comparison},
    {"GreaterOrEqual", general_comparison},
    {"GridSample", general_grid_sample},
    {"GroupNormalization", general_groupnorm},
    {"ImageScaler", general_image_scaler},
    {"InstanceNormalization", general_instancenorm},
    {"LayerNormalization", general_layernorm},
    {"Less", general_comparison},
    {"LessOrEqual", general_comparison},
    {"LogSoftmax", general_softmax},
    {"LpNormalization", general_lp_norm},
    {"MatMul", general_matmul},
    {"Max", general_min_max},
    {"MaxPool", general_pool},
    {"Mean", general_sum},
    {"MeanVarianceNormalization", general_mean_variance_norm},
    {"Min", general_min_max},
    {"Mul", general_binary},
    {"Not", general_not},
    {"Or", general_logic},
    {"PRelu", general_prelu},
    {"Pad", general_pad},
    {"Pow", general_pow},
    {"RMSNormalization", general_rmsnorm},
    {"ReduceL1", general_reduce},
    {"ReduceL2", general_reduce},
    {"ReduceLogSum", general_reduce},
    {"ReduceLogSumExp", general_reduce},
    {"ReduceMax", general_reduce},
    {"ReduceMean", general_reduce},
    {"ReduceMin", general_reduce},
    {"ReduceProd", general_reduce},
    {"ReduceSum", general_reduce},
    {"ReduceSumSquare", general_reduce},
    {"Resize", resize_axes},
    {"Slice", general_slice},
    {"Softmax", general_softmax},
    {"Split", general_split},
    {"Sub", general_binary},
    {"Sum", general_sum},
    {"Tile", general_tile},
    {"Upsample", resize_axes},
    {"Where", general_where},
    {"Xor", general_logic},
};

}  // namespace

Mapping find_general_mapping(std::string_view op) {
  const auto found = std::find_if(std::begin(kMappings), std::end(kMappings),
                                  [&](const auto& entry) { return entry.first == op; });
  return found == std::end(kMappings) ? nullptr : found->second;
}

std::vector<std::string_view> generally_mapped_operators() {
  std::vector<std::string_view> names;
  for (const auto& [op, mapping] : kMappings) names.push_back(op);
  return names;
}

}  // namespace cnnc::onnx
