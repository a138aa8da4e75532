// Element by element.
#include <limits>

#include "onnx/attributes.h"
#include "onnx/composed/composition.h"

namespace cnnc::onnx {

// Numbers of the network are floats, whichever type the model has them in.
std::optional<Composition> compose_cast_like(const Translation& t, const Node& node) {
  const Constant* like = constant_input(t, node, 1);
  const bool is_whole = like && like->integers;
  const bool is_bool = is_whole && like->type == "bool";
  Composer c(t, node);
  c.finish("Cast", {node.inputs[0]}, {{"to", int64_t{is_bool ? 9 : is_whole ? 7 : 1}}});
  return c.take();
}

std::optional<Composition> compose_is_inf(const Translation& t, const Node& node) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const bool positive = integer(node, "detect_positive", 1) != 0;
  const bool negative = integer(node, "detect_negative", 1) != 0;
  Composer c(t, node);
  const std::string& x = node.inputs.at(0);
  if (positive != negative) {
    c.finish("Equal", {x, c.number(positive ? kInfinity : -kInfinity)});
    return c.take();
  }
  if (!positive) return std::nullopt;
  c.finish("Equal", {c.add("Abs", {x}), c.number(kInfinity)});
  return c.take();
}

// All numbers are at most infinite.
std::optional<Composition> compose_is_nan(const Translation& t, const Node& node) {
  Composer c(t, node);
  c.finish("Not",
           {c.add("LessOrEqual", {node.inputs.at(0), c.number(std::numeric_limits<float>::infinity())})});
  return c.take();
}

// alpha softplus(beta x) and alpha tanh(beta x), which models before ONNX 1.5 have
std::optional<Composition> compose_parametric_softplus(const Translation& t, const Node& node) {
  Composer c(t, node);
  const std::string scaled = c.add("Mul", {node.inputs.at(0), c.number(real(node, "beta", 1))});
  c.finish("Mul", {c.add("Softplus", {scaled}), c.number(real(node, "alpha", 1))});
  return c.take();
}

std::optional<Composition> compose_scaled_tanh(const Translation& t, const Node& node) {
  Composer c(t, node);
  const std::string scaled = c.add("Mul", {node.inputs.at(0), c.number(real(node, "beta", 1))});
  c.finish("Mul", {c.add("Tanh", {scaled}), c.number(real(node, "alpha", 1))});
  return c.take();
}

// x sigmoid(alpha x), since opset 24
std::optional<Composition> compose_swish(const Translation& t, const Node& node) {
  Composer c(t, node);
  const std::string& x = node.inputs.at(0);
  const float alpha = real(node, "alpha", 1);
  const std::string scaled = alpha == 1 ? x : c.add("Mul", {x, c.number(alpha)});
  c.finish("Mul", {x, c.add("Sigmoid", {scaled})});
  return c.take();
}

}  // namespace cnnc::onnx
