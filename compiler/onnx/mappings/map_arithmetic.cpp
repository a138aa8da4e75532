// Add, Sub, Mul, Div and what is made of them. With a constant of one value a channel they are an affine of
// the channel, of which chains become one batchnorm; with tensors of the network, sums and products.
#include <fmt/format.h>

#include <cmath>

#include "onnx/mappings/elementwise.h"
#include "onnx/mappings/hard_activations.h"
#include "onnx/mappings/mappings.h"
#include "onnx/tensors/affine.h"
#include "onnx/tensors/tensors.h"
#include "onnx/translation/whole_numbers.h"

namespace cnnc::onnx {
namespace {

using Values = std::vector<double>;

// ---- with a constant

// The affine that x with a constant c is, c's value for a channel given.
struct Terms {
  double scale, shift;
};

Terms terms_of(const std::string& op, double c, bool constant_first) {
  if (op == "Add") return {1, c};
  if (op == "Sub") return constant_first ? Terms{-1, c} : Terms{1, -c};
  if (op == "Mul") return {c, 0};
  return {1 / c, 0};
}

View with_constant(Translation& t, const Node& node, size_t constant) {
  if (node.op == "Div" && constant == 0)
    throw Unmapped{"it divides by a tensor of the network; cnnc divides by constants alone", ""};
  const Constant c = need_numbers(t, node, constant, "its constant");
  const PerChannel seen = per_channel(t, need_view(t, node, 1 - constant), {&c}, "its constant");
  Affine affine;
  for (const double value : seen.values[0]) {
    const Terms terms = terms_of(node.op, value, constant == 0);
    if (!std::isfinite(terms.scale) || !std::isfinite(terms.shift))
      throw Unmapped{fmt::format("its constant has {}, and the result is no finite number", value), ""};
    affine.scale.push_back(terms.scale);
    affine.shift.push_back(terms.shift);
  }
  View y = seen.view;
  y.node = add_affine(t, name_of(node), y.node, std::move(affine));
  return y;
}

// ---- with tensors of the network

View with_tensor(Translation& t, const Node& node) {
  const View a = need_view(t, node, 0), b = need_view(t, node, 1);
  if (node.op == "Add") return add_views(t, node, "add", {a, b});
  if (node.op == "Mul") return add_views(t, node, "multiply", {a, b});
  want_map_or_vector(t, b);
  if (node.op == "Sub") return add_views(t, node, "add", {a, scaled(t, b, -1)});
  throw Unmapped{"it divides by a tensor of the network; cnnc divides by constants alone", ""};
}

}  // namespace

// A quotient of whole numbers has no rest: it is composed.
void want_no_quotient_of_integers(const Translation& t, const Node& node) {
  if (node.op == "Div" && is_of_integers(t, node, 0) && is_of_integers(t, node, 1))
    throw Unmapped{"it divides whole numbers", ""};
}

void map_binary(Translation& t, const Node& node) {
  want_no_quotient_of_integers(t, node);
  if (is_exact_quotient(t, node)) throw Unmapped{"it is a quotient that is rounded", ""};
  const bool has_constant = constant_input(t, node, 0) || constant_input(t, node, 1);
  View y = has_constant ? with_constant(t, node, constant_input(t, node, 0) ? 0 : 1) : with_tensor(t, node);
  y.node = as_hard_activation(t, y.node);
  set_output(t, node, std::move(y));
}

// Of tensors and constants: the constants' are added to the sum of the others.
void map_sum(Translation& t, const Node& node) {
  std::vector<View> views;
  std::vector<Constant> constants;
  for (size_t i = 0; i < node.inputs.size(); ++i) {
    if (constant_input(t, node, i))
      constants.push_back(need_numbers(t, node, i, "its constant"));
    else
      views.push_back(need_view(t, node, i));
  }
  if (views.empty()) throw Unmapped{"its inputs are constants", ""};
  View sum = views.size() == 1 ? views[0] : add_views(t, node, "add", views);
  for (const Constant& constant : constants) {
    const PerChannel seen = per_channel(t, sum, {&constant}, "its constant");
    sum = seen.view;
    sum.node = add_affine(t, name_of(node), sum.node, {Values(seen.values[0].size(), 1), seen.values[0]});
  }
  if (node.op == "Mean") sum = scaled(t, sum, 1.0 / static_cast<double>(node.inputs.size()));
  set_output(t, node, std::move(sum));
}

void map_neg(Translation& t, const Node& node) {
  set_output(t, node, scaled(t, need_view(t, node, 0), -1, 0, name_of(node)));
}

// The layer that computes x to that power; "": there is none.
std::string_view layer_of_power(double power) {
  if (power == 2) return "square";
  if (power == 0.5) return "sqrt";
  return power == -1 ? "reciprocal" : "";
}

// The exponent may be a whole number.
void map_pow(Translation& t, const Node& node) {
  const View x = need_view(t, node, 0);
  const Constant exponent = need_numbers(t, node, 1, "its exponent");
  const double power = single_value(exponent, x, "its exponent");
  if (power == 1) return set_output(t, node, x);
  const std::string_view layer = layer_of_power(power);
  if (layer.empty())
    throw Unmapped{fmt::format("its exponent is {}; cnnc has powers of 2, 1, 0.5 and -1", power), ""};
  set_output(t, node, apply(t, name_of(node), layer, {}, x));
}

}  // namespace cnnc::onnx
