#include "quantize/quantization.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <tuple>

#include "ops/quantized/quantized.h"

namespace cnnc {

bool operator==(const ByteScale& a, const ByteScale& b) {
  return std::tie(a.scale, a.zero_point) == std::tie(b.scale, b.zero_point);
}

bool operator==(const RangeMethod& a, const RangeMethod& b) {
  return a.kind == b.kind && (a.kind != RangeMethod::Kind::percentile || a.percentile == b.percentile);
}

int greatest_weight(const Quantization& quantization) {
  return quantization.weight_bits == 7 ? kGreatestWeightOf7Bits : kGreatestWeight;
}

std::string to_string(const RangeMethod& method) {
  switch (method.kind) {
    case RangeMethod::Kind::min_max:
      return "min-max";
    case RangeMethod::Kind::percentile:
      return fmt::format("percentile {}", method.percentile);
    case RangeMethod::Kind::least_squares:
      return "least-squares";
  }
  return "";
}

namespace {

std::string tensor_line(const Quantization::Tensor& tensor) {
  const auto [scale, zero] = tensor.scale;
  const double least = -static_cast<double>(scale) * zero, most = static_cast<double>(scale) * (255 - zero);
  return fmt::format("tensor {} scale {} zero {}  # {:.4g} to {:.4g}\n", tensor.name, scale, zero, least + 0,
                     most);
}

}  // namespace

std::string to_string(const Quantization& quantization) {
  std::string text = fmt::format("{}\nnetwork {}\nweights {} bits\n", kQuantizationVersion,
                                 quantization.network, quantization.weight_bits);
  if (quantization.method) text += fmt::format("method {}\n", to_string(*quantization.method));
  if (quantization.inputs) text += fmt::format("inputs {}\n", *quantization.inputs);
  for (const auto& tensor : quantization.tensors) text += tensor_line(tensor);
  for (const auto& weight : quantization.weights)
    text += fmt::format("weight {} scale {}\n", weight.name, fmt::join(weight.scales, " "));
  for (const auto& tensor : quantization.equalised)
    text += fmt::format("equalise {} by {}\n", tensor.name, fmt::join(tensor.numbers, " "));
  for (const auto& layer : quantization.corrections)
    text += fmt::format("correct {} by {}\n", layer.name, fmt::join(layer.numbers, " "));
  for (const auto& layer : quantization.floats) text += fmt::format("float {}\n", layer.name);
  const auto type = [](const Quantization::Port& port) { return port.has_sign ? "s8" : "u8"; };
  for (const auto& input : quantization.byte_inputs)
    text += fmt::format("input {} {}\n", input.name, type(input));
  for (const auto& output : quantization.byte_outputs)
    text += fmt::format("output {} {}\n", output.name, type(output));
  return text;
}

}  // namespace cnnc
