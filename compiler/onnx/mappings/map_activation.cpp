// Activations of one input.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "onnx/attributes.h"
#include "onnx/mappings/elementwise.h"
#include "onnx/mappings/hard_activations.h"
#include "onnx/mappings/mappings.h"
#include "onnx/tensors/affine.h"

namespace cnnc::onnx {
namespace {

bool is_near(double value, double wanted) {
  return std::fabs(value - wanted) <= 1e-6 * std::fabs(wanted);
}

}  // namespace

// Those without attributes: of ONNX, and those that recognise.cpp has found. Ours are called as ONNX's, in
// small letters.
void map_plain_activation(Translation& t, const Node& node) {
  std::string op = node.op;
  std::transform(op.begin(), op.end(), op.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c; });
  set_output(t, node, apply(t, name_of(node), op, {}, need_view(t, node, 0)));
}

void map_leaky_relu(Translation& t, const Node& node) {
  const double slope = decimal(real(node, "alpha", 0.01f));
  set_output(t, node, apply(t, name_of(node), "leaky_relu", {{"slope", slope}}, need_view(t, node, 0)));
}

void map_elu(Translation& t, const Node& node) {
  const double alpha = decimal(real(node, "alpha", 1));
  set_output(t, node, apply(t, name_of(node), "elu", {{"alpha", alpha}}, need_view(t, node, 0)));
}

// gamma elu(x); with the constants of the paper (Klambauer et al. 2017) it has a name.
void map_selu(Translation& t, const Node& node) {
  const double alpha = decimal(real(node, "alpha", 1.67326319f)),
               gamma = decimal(real(node, "gamma", 1.05070102f));
  const View& x = need_view(t, node, 0);
  if (is_near(alpha, 1.6732632) && is_near(gamma, 1.0507010))
    return set_output(t, node, apply(t, name_of(node), "selu", {}, x));
  set_output(t, node, scaled(t, apply(t, name_of(node), "elu", {{"alpha", alpha}}, x), gamma));
}

void map_celu(Translation& t, const Node& node) {
  const double alpha = decimal(real(node, "alpha", 1));
  if (!(alpha > 0)) throw Unmapped{fmt::format("its 'alpha' is {}; it must be positive", alpha), ""};
  set_output(t, node, apply(t, name_of(node), "celu", {{"alpha", alpha}}, need_view(t, node, 0)));
}

// x where it is greater than alpha, else 0.
void map_thresholded_relu(Translation& t, const Node& node) {
  const double alpha = decimal(real(node, "alpha", 1));
  set_output(t, node, apply(t, name_of(node), "threshold", {{"threshold", alpha}}, need_view(t, node, 0)));
}

// That of recognise.cpp.
void map_threshold(Translation& t, const Node& node) {
  const Attributes attributes = {{"threshold", decimal(real(node, "threshold", 0))},
                                 {"value", decimal(real(node, "value", 0))}};
  set_output(t, node, apply(t, name_of(node), "threshold", attributes, need_view(t, node, 0)));
}

void map_shrink(Translation& t, const Node& node) {
  const Attributes attributes = {{"lambda", decimal(real(node, "lambd", 0.5f))},
                                 {"bias", decimal(real(node, "bias", 0))}};
  set_output(t, node, apply(t, name_of(node), "shrink", attributes, need_view(t, node, 0)));
}

// min(max(alpha x + beta, 0), 1)
void map_hardsigmoid(Translation& t, const Node& node) {
  const Attributes attributes = {{"slope", slope_of_hardsigmoid(real(node, "alpha", 0.2f))},
                                 {"offset", decimal(real(node, "beta", 0.5f))}};
  set_output(t, node, apply(t, name_of(node), "hardsigmoid", attributes, need_view(t, node, 0)));
}

void map_softplus(Translation& t, const Node& node) {
  const Attributes attributes = {{"beta", decimal(real(node, "beta", 1))},
                                 {"threshold", decimal(real(node, "threshold", 20))}};
  set_output(t, node, apply(t, name_of(node), "softplus", attributes, need_view(t, node, 0)));
}

// ONNX's, since opset 20, says which one by a word; that of recognise.cpp by a number.
void map_gelu(Translation& t, const Node& node) {
  const std::string approximate = word(node, "approximate", "none");
  if (approximate != "none" && approximate != "tanh")
    throw Unmapped{fmt::format("its 'approximate' is '{}', which ONNX does not have", approximate), ""};
  const bool is_approximate = approximate == "tanh" || integer(node, "tanh", 0) != 0;
  const Attributes attributes = {{"approximate", is_approximate}};
  set_output(t, node, apply(t, name_of(node), "gelu", attributes, need_view(t, node, 0)));
}

void map_prelu(Translation& t, const Node& node) {
  const Constant& slope = need_floats(t, node, 1, "its slope");
  const PerChannel seen = per_channel(t, need_view(t, node, 0), {&slope}, "its slope");
  const std::vector<double>& slopes = seen.values[0];
  const bool is_one = elements(slope.dims) == 1;
  const auto weight =
      std::make_shared<const std::vector<float>>(slopes.begin(), is_one ? slopes.begin() + 1 : slopes.end());
  View y = seen.view;
  y.node = add_node(t, name_of(node), "prelu", {{"per_channel", !is_one}}, {y.node}, {{"weight", weight}});
  set_output(t, node, std::move(y));
}

}  // namespace cnnc::onnx
