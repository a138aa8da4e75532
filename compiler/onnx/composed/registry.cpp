#include <algorithm>
#include <string_view>

#include "onnx/composed/composition.h"

namespace cnnc::onnx {
namespace {

struct Entry {
  std::string_view domain, op;
  Compose compose;
};

constexpr std::string_view kOfOnnxRuntime = "com.microsoft";

constexpr Entry kCompositions[] = {
    {"", "Acos", compose_acos},
    {"", "Acosh", compose_acosh},
    {"", "Asin", compose_asin},
    {"", "Asinh", compose_asinh},
    {"", "Atan", compose_atan},
    {"", "Atanh", compose_atanh},
    {"", "AveragePool", compose_pool_of_several},
    {"", "BatchNormalization", compose_batchnorm},
    {"", "CastLike", compose_cast_like},
    {"", "CenterCropPad", compose_center_crop_pad},
    {"", "Col2Im", compose_col2im},
    {"", "ConcatFromSequence", compose_concat_from_sequence},
    {"", "Conv", compose_conv},
    {"", "ConvTranspose", compose_conv_of_several},
    {"", "Cosh", compose_cosh},
    {"", "CumSum", compose_cumsum},
    {"", "Div", compose_quotient},
    {"", "GatherElements", compose_gather_elements},
    {"", "GlobalLpPool", compose_global_lp_pool},
    {"", "Hardmax", compose_hardmax},
    {"", "IsInf", compose_is_inf},
    {"", "IsNaN", compose_is_nan},
    {"", "LpPool", compose_lp_pool},
    {"", "MaxPool", compose_maxpool},
    {"", "MaxUnpool", compose_max_unpool},
    {"", "Mod", compose_mod},
    {"", "OneHot", compose_one_hot},
    {"", "ParametricSoftplus", compose_parametric_softplus},
    {"", "ReverseSequence", compose_reverse_sequence},
    {"", "ScaledTanh", compose_scaled_tanh},
    {"", "Scatter", compose_scatter_elements},
    {"", "ScatterElements", compose_scatter_elements},
    {"", "ScatterND", compose_scatter_nd},
    {"", "SequenceAt", compose_sequence_at},
    {"", "SequenceConstruct", compose_sequence},
    {"", "SequenceEmpty", compose_sequence},
    {"", "SequenceErase", compose_sequence_erase},
    {"", "SequenceInsert", compose_sequence_insert},
    {"", "SequenceLength", compose_sequence_length},
    {"", "SimplifiedLayerNormalization", compose_rmsnorm},
    {"", "Sinh", compose_sinh},
    {"", "SplitToSequence", compose_split_to_sequence},
    {"", "Swish", compose_swish},
    {"", "Tan", compose_tan},
    {"", "TopK", compose_top_k},
    {"", "Trilu", compose_trilu},
    {kOfOnnxRuntime, "BiasGelu", compose_gelu},
    {kOfOnnxRuntime, "FastGelu", compose_gelu},
    {kOfOnnxRuntime, "FusedConv", compose_fused_conv},
    {kOfOnnxRuntime, "FusedGemm", compose_fused_gemm},
    {kOfOnnxRuntime, "FusedMatMul", compose_fused_matmul},
    {kOfOnnxRuntime, "Gelu", compose_gelu},
    {kOfOnnxRuntime, "GridSample", compose_same},
    {kOfOnnxRuntime, "Pad", compose_same},
    {kOfOnnxRuntime, "QuickGelu", compose_quick_gelu},
    {kOfOnnxRuntime, "SimplifiedLayerNormalization", compose_rmsnorm},
    {kOfOnnxRuntime, "SkipLayerNormalization", compose_skip_layernorm},
    {kOfOnnxRuntime, "SkipSimplifiedLayerNormalization", compose_skip_layernorm},
    {kOfOnnxRuntime, "TransposeMatMul", compose_fused_matmul},
};

}  // namespace

Compose find_composition(const Node& node) {
  const auto found =
      std::find_if(std::begin(kCompositions), std::end(kCompositions),
                   [&](const Entry& entry) { return entry.domain == node.domain && entry.op == node.op; });
  return found == std::end(kCompositions) ? nullptr : found->compose;
}

std::vector<std::string_view> composed_operators() {
  std::vector<std::string_view> names;
  for (const Entry& entry : kCompositions)
    if (entry.domain.empty()) names.push_back(entry.op);
  return names;
}

}  // namespace cnnc::onnx
