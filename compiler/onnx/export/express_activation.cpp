// Activations; those that ONNX has not, as PyTorch 1.13 writes them (recognise.cpp finds them again).
#include <cmath>

#include "onnx/export/expression.h"
#include "ops/activation/clip.h"

namespace cnnc::onnx {
namespace {

// A limit that there is none of is left out.
void express_limits(const Layer& layer, double least, double greatest) {
  const bool has_least = is_clip_limit(least), has_greatest = is_clip_limit(greatest);
  std::vector<std::string> inputs = {input(layer), has_least ? scalar(layer, "min", least) : ""};
  if (has_greatest) inputs.push_back(scalar(layer, "max", greatest));
  finish(layer, "Clip", std::move(inputs));
}

void finish_with(const Layer& layer, std::string_view op, const char* attribute, double value) {
  finish(layer, op, {input(layer)}, {{attribute, static_cast<float>(value)}});
}

// x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))
void express_gelu_by_tanh(const Layer& layer) {
  const std::string x = input(layer);
  const std::string cube = step(layer, "cube", "Mul", {x, step(layer, "square", "Mul", {x, x})});
  const std::string small = step(layer, "small", "Mul", {cube, scalar(layer, "kappa", 0.044715)});
  const std::string sum = step(layer, "sum", "Add", {x, small});
  const std::string inner = step(layer, "inner", "Mul", {sum, scalar(layer, "beta", std::sqrt(2 / M_PI))});
  const std::string outer = step(layer, "outer", "Tanh", {inner});
  const std::string factor = step(layer, "factor", "Add", {outer, scalar(layer, "one", 1)});
  finish(layer, "Mul", {step(layer, "twice", "Mul", {x, factor}), scalar(layer, "half", 0.5)});
}

// Whether the jump of softplus at its threshold z, log(1 + e^-z) of z, would show in a float.
bool shows(double threshold) {
  return threshold <= 0 || std::log1p(std::exp(-threshold)) > threshold * 0x1p-24;
}

}  // namespace

void express_relu6(const Layer& layer) {
  express_limits(layer, 0, 6);
}

void express_clip(const Layer& layer) {
  express_limits(layer, real(attributes_of(layer), "min"), real(attributes_of(layer), "max"));
}

void express_leaky_relu(const Layer& layer) {
  finish_with(layer, "LeakyRelu", "alpha", real(attributes_of(layer), "slope"));
}

// One slope for all, or one a channel, which stands before the rows and columns of a map.
void express_prelu(const Layer& layer) {
  std::vector<int64_t> dims = {find_parameter(node_of(layer), "weight")->shape.elements()};
  if (input_shape(layer).is_map() && is_on(attributes_of(layer), "per_channel"))
    dims.insert(dims.end(), {1, 1});
  finish(layer, "PRelu", {input(layer), parameter(layer, "weight", dims)});
}

void express_elu(const Layer& layer) {
  finish_with(layer, "Elu", "alpha", real(attributes_of(layer), "alpha"));
}

// x (1 + erf(x / sqrt 2)) / 2, or by tanh
void express_gelu(const Layer& layer) {
  if (is_on(attributes_of(layer), "approximate")) return express_gelu_by_tanh(layer);
  const std::string x = input(layer);
  const std::string scaled = step(layer, "scaled", "Div", {x, scalar(layer, "sqrt2", std::sqrt(2))});
  const std::string erf = step(layer, "erf", "Erf", {scaled});
  const std::string factor = step(layer, "factor", "Add", {erf, scalar(layer, "one", 1)});
  finish(layer, "Mul", {step(layer, "twice", "Mul", {x, factor}), scalar(layer, "half", 0.5)});
}

void express_silu(const Layer& layer) {
  finish(layer, "Mul", {input(layer), step(layer, "sigmoid", "Sigmoid", {input(layer)})});
}

// x tanh(softplus(x))
void express_mish(const Layer& layer) {
  const std::string softplus = step(layer, "softplus", "Softplus", {input(layer)});
  finish(layer, "Mul", {input(layer), step(layer, "tanh", "Tanh", {softplus})});
}

// log(1 + e^(beta x)) / beta, and x where beta x is above the threshold, if that can be told apart.
void express_softplus(const Layer& layer) {
  const double beta = real(attributes_of(layer), "beta"), threshold = real(attributes_of(layer), "threshold");
  const bool is_scaled = beta != 1;
  if (!is_scaled && !shows(threshold)) return finish(layer, "Softplus", {input(layer)});
  const std::string factor = is_scaled ? scalar(layer, "beta", beta) : "";
  const std::string z = is_scaled ? step(layer, "scaled", "Mul", {input(layer), factor}) : input(layer);
  const std::string y = step(layer, "softplus", "Softplus", {z});
  if (!shows(threshold)) return finish(layer, "Div", {y, factor});
  const std::string smooth = is_scaled ? step(layer, "smooth", "Div", {y, factor}) : y;
  const std::string above = step(layer, "above", "Greater", {z, scalar(layer, "threshold", threshold)});
  finish(layer, "Where", {above, input(layer), smooth});
}

void express_celu(const Layer& layer) {
  finish_with(layer, "Celu", "alpha", real(attributes_of(layer), "alpha"));
}

void express_shrink(const Layer& layer) {
  finish(layer, "Shrink", {input(layer)},
         {{"lambd", static_cast<float>(real(attributes_of(layer), "lambda"))},
          {"bias", static_cast<float>(real(attributes_of(layer), "bias"))}});
}

// where(x > threshold, x, value); of a value of 0 ONNX has an operator.
void express_threshold(const Layer& layer) {
  const double threshold = real(attributes_of(layer), "threshold"),
               value = real(attributes_of(layer), "value");
  if (value == 0) return finish_with(layer, "ThresholdedRelu", "alpha", threshold);
  const std::string above =
      step(layer, "above", "Greater", {input(layer), scalar(layer, "threshold", threshold)});
  finish(layer, "Where", {above, input(layer), scalar(layer, "value", value)});
}

void express_square(const Layer& layer) {
  finish(layer, "Pow", {input(layer), scalar(layer, "exponent", 2)});
}

void express_hardsigmoid(const Layer& layer) {
  const auto slope = static_cast<float>(real(attributes_of(layer), "slope"));
  const auto offset = static_cast<float>(real(attributes_of(layer), "offset"));
  finish(layer, "HardSigmoid", {input(layer)}, {{"alpha", slope}, {"beta", offset}});
}

void express_softmax(const Layer& layer) {
  finish(layer, "Softmax", {input(layer)}, {{"axis", integer(attributes_of(layer), "along") + 1}});
}

void express_log_softmax(const Layer& layer) {
  finish(layer, "LogSoftmax", {input(layer)}, {{"axis", integer(attributes_of(layer), "along") + 1}});
}

// Without training_mode it passes its input on.
void express_dropout(const Layer& layer) {
  finish(layer, "Dropout", {input(layer), scalar(layer, "ratio", real(attributes_of(layer), "p"))});
}

}  // namespace cnnc::onnx
