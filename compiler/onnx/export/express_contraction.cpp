// Layers with trained weights over all channels, and batch normalisation.
#include <algorithm>

#include "onnx/export/expression.h"
#include "ops/window/transposed_window.h"

namespace cnnc::onnx {
namespace {

// The input, and behind it all parameters: the order that PyTorch gives them is ONNX's.
std::vector<std::string> input_and_parameters(const Layer& layer) {
  std::vector<std::string> names = {input(layer)};
  for (const Parameter& p : node_of(layer).parameters) names.push_back(parameter(layer, p.name));
  return names;
}

// ONNX Runtime wants less output padding than the stride. What is padded behind, and added again, can be left
// out.
void prefer_less_pad(WindowAxis& axis, int64_t& output_pad) {
  if (output_pad < axis.stride) return;
  const int64_t both = std::min(output_pad, axis.pad_after);
  output_pad -= both;
  axis.pad_after -= both;
}

void express_dense_rows(const Layer& layer) {
  const std::string weight = step(layer, "transposed", "Transpose", {parameter(layer, "weight")},
                                  {{"perm", std::vector<int64_t>{1, 0}}});
  if (!is_on(attributes_of(layer), "bias")) return finish(layer, "MatMul", {input(layer), weight});
  finish(layer, "Add", {step(layer, "product", "MatMul", {input(layer), weight}), parameter(layer, "bias")});
}

}  // namespace

void express_conv(const Layer& layer) {
  NodeAttributes attributes = attributes_of(window_of(attributes_of(layer), input_shape(layer)));
  attributes["group"] = integer(attributes_of(layer), "groups");
  finish(layer, "Conv", input_and_parameters(layer), std::move(attributes));
}

void express_upconv(const Layer& layer) {
  Window w = transposed_window_of(attributes_of(layer), input_shape(layer));
  std::vector<int64_t> output_pad = sizes(attributes_of(layer), "output_pad");
  prefer_less_pad(w.height, output_pad[0]);
  prefer_less_pad(w.width, output_pad[1]);
  NodeAttributes attributes = attributes_of(w);
  attributes["group"] = integer(attributes_of(layer), "groups");
  attributes["output_padding"] = std::move(output_pad);
  finish(layer, "ConvTranspose", input_and_parameters(layer), std::move(attributes));
}

// Along the last axis of a tensor a product with the weight, features by inputs, transposed.
void express_dense(const Layer& layer) {
  if (!input_shape(layer).is_vector()) return express_dense_rows(layer);
  finish(layer, "Gemm", input_and_parameters(layer), {{"transB", int64_t{1}}});
}

void express_batchnorm(const Layer& layer) {
  const float epsilon = static_cast<float>(real(attributes_of(layer), "eps"));
  finish(layer, "BatchNormalization", input_and_parameters(layer), {{"epsilon", epsilon}});
}

}  // namespace cnnc::onnx
