// Normalisations: ONNX's own operators where opset 17 has them, else the arithmetic that they are.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "onnx/export/expression.h"

namespace cnnc::onnx {
namespace {

using Axes = std::vector<int64_t>;  // of ONNX's: the images stand in front

float eps_of(const Layer& layer) {
  return static_cast<float>(real(attributes_of(layer), "eps"));
}

// In their order, as the weights' sizes are.
Axes axes_of(const Layer& layer) {
  Axes axes = sizes(attributes_of(layer), "axes");
  std::sort(axes.begin(), axes.end());
  for (int64_t& axis : axes) ++axis;
  return axes;
}

std::string mean_of(const Layer& layer, std::string_view role, const std::string& x, const Axes& axes) {
  return step(layer, role, "ReduceMean", {x}, {{"axes", axes}});
}

// sqrt(mean(x^2) + eps)
std::string root_mean_square(const Layer& layer, const std::string& x, const Axes& axes) {
  const std::string squares = step(layer, "squares", "Mul", {x, x});
  const std::string mean = mean_of(layer, "mean_of_squares", squares, axes);
  const std::string moved =
      step(layer, "mean_and_eps", "Add", {mean, scalar(layer, "eps", real(attributes_of(layer), "eps"))});
  return step(layer, "root", "Sqrt", {moved});
}

std::string standardised(const Layer& layer, const std::string& x, const Axes& axes) {
  const std::string centred = step(layer, "centred", "Sub", {x, mean_of(layer, "mean", x, axes)});
  return step(layer, "standardised", "Div", {centred, root_mean_square(layer, centred, axes)});
}

// The parameter with a 1 for each of the tensor's other axes.
std::string along(const Layer& layer, std::string_view name, const Axes& axes) {
  std::vector<int64_t> dims(node_of(layer).shape.rank(), 1);
  for (const int64_t axis : axes)
    dims[static_cast<size_t>(axis - 1)] = node_of(layer).shape.sizes[static_cast<size_t>(axis - 1)];
  return parameter(layer, name, dims);
}

// weight y + bias, as far as there are any.
void finish_with_parameters(const Layer& layer, std::string y, const Axes& axes) {
  const bool has_bias = find_parameter(node_of(layer), "bias") != nullptr;
  if (!find_parameter(node_of(layer), "weight")) return finish(layer, "Identity", {y});
  if (!has_bias) return finish(layer, "Mul", {y, along(layer, "weight", axes)});
  y = step(layer, "scaled", "Mul", {y, along(layer, "weight", axes)});
  finish(layer, "Add", {y, along(layer, "bias", axes)});
}

// The parameter, or as many of that value.
std::string parameter_or(const Layer& layer, std::string_view name, float value,
                         const std::vector<int64_t>& dims) {
  if (find_parameter(node_of(layer), name)) return parameter(layer, name);
  const int64_t count = Shape(dims).elements();
  require_moderate(count);
  return tensor(layer, name, dims, std::vector<float>(static_cast<size_t>(count), value));
}

}  // namespace

void express_instancenorm(const Layer& layer) {
  const std::vector<int64_t> channels = {node_of(layer).shape.sizes[0]};
  finish(layer, "InstanceNormalization",
         {input(layer), parameter_or(layer, "weight", 1, channels), parameter_or(layer, "bias", 0, channels)},
         {{"epsilon", eps_of(layer)}});
}

// Of the last axes there is an operator.
void express_layernorm(const Layer& layer) {
  const Axes axes = axes_of(layer);
  const auto rank = static_cast<int64_t>(node_of(layer).shape.rank()),
             count = static_cast<int64_t>(axes.size());
  if (axes.front() != rank - count + 1)
    return finish_with_parameters(layer, standardised(layer, input(layer), axes), axes);
  const std::vector<int64_t>& own = node_of(layer).shape.sizes;
  std::vector<std::string> values = {input(layer),
                                     parameter_or(layer, "weight", 1, {own.end() - count, own.end()})};
  if (find_parameter(node_of(layer), "bias")) values.push_back(parameter(layer, "bias"));
  finish(layer, "LayerNormalization", values, {{"axis", -count}, {"epsilon", eps_of(layer)}});
}

void express_groupnorm(const Layer& layer) {
  std::vector<int64_t> own = node_of(layer).shape.sizes;
  own.insert(own.begin(), 0);
  const std::string groups =
      step(layer, "groups", "Reshape",
           {input(layer), list(layer, "by_group", {0, integer(attributes_of(layer), "groups"), -1})});
  const std::string y = standardised(layer, groups, {2});
  finish_with_parameters(layer, step(layer, "normalised", "Reshape", {y, list(layer, "dims", own)}), {1});
}

void express_rmsnorm(const Layer& layer) {
  const Axes axes = axes_of(layer);
  const std::string root = root_mean_square(layer, input(layer), axes);
  finish_with_parameters(layer, step(layer, "normalised", "Div", {input(layer), root}), axes);
}

void express_l2norm(const Layer& layer) {
  const std::string length = step(layer, "length", "ReduceL2", {input(layer)}, {{"axes", axes_of(layer)}});
  const std::string divisor =
      step(layer, "divisor", "Max", {length, scalar(layer, "eps", real(attributes_of(layer), "eps"))});
  finish(layer, "Div", {input(layer), divisor});
}

}  // namespace cnnc::onnx
