#include <algorithm>

#include "onnx/mappings.h"

namespace cnnc::onnx {
namespace {

struct Entry {
  std::string_view op;
  Mapping mapping;
};

// ONNX's operators, then those that recognise.cpp has found.
constexpr Entry kMappings[] = {
    {"Add", map_binary},
    {"BatchNormalization", map_batchnorm},
    {"Cast", map_cast},
    {"Celu", map_celu},
    {"Clip", map_clip},
    {"Conv", map_conv},
    {"ConvTranspose", map_upconv},
    {"Div", map_binary},
    {"Dropout", map_dropout},
    {"Elu", map_elu},
    {"Gemm", map_gemm},
    {"HardSigmoid", map_hardsigmoid},
    {"HardSwish", map_plain_activation},
    {"Identity", map_identity},
    {"LeakyRelu", map_leaky_relu},
    {"MatMul", map_matmul},
    {"Max", map_min_max},
    {"Mean", map_sum},
    {"Min", map_min_max},
    {"Mul", map_binary},
    {"Neg", map_neg},
    {"PRelu", map_prelu},
    {"Pow", map_pow},
    {"Relu", map_plain_activation},
    {"Selu", map_selu},
    {"Sigmoid", map_plain_activation},
    {"Softplus", map_softplus},
    {"Sub", map_binary},
    {"Sum", map_sum},
    {"Tanh", map_plain_activation},
    {"gelu", map_gelu},
    {"hardsigmoid", map_plain_activation},
    {"hardswish", map_plain_activation},
    {"mish", map_plain_activation},
    {"silu", map_plain_activation},
    {"softplus", map_softplus},
};

}  // namespace

Mapping find_mapping(std::string_view op) {
  const auto found = std::find_if(std::begin(kMappings), std::end(kMappings),
                                  [&](const Entry& entry) { return entry.op == op; });
  return found == std::end(kMappings) ? nullptr : found->mapping;
}

}  // namespace cnnc::onnx
