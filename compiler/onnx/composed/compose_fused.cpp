// What ONNX Runtime makes of several nodes when it optimises a model, and writes where it is asked to save
// it.
#include <fmt/format.h>

#include "onnx/attributes.h"
#include "onnx/composed/composition.h"
#include "weights/text.h"

namespace cnnc::onnx {
namespace {

using Attributes = std::map<std::string, Attribute>;

// The activation of a fused node, with its numbers under the names that it has them by.
Attributes numbers_of(const Node& node, const std::string& activation) {
  std::vector<float> numbers = reals(node, "activation_params", {});
  for (const char* name : {"activation_alpha", "activation_beta"})
    if (has_attribute(node, name)) numbers.push_back(real(node, name, 0));
  Attributes attributes;
  if (activation == "LeakyRelu" || activation == "HardSigmoid" || activation == "Elu") {
    if (!numbers.empty()) attributes.emplace("alpha", numbers[0]);
    if (numbers.size() > 1 && activation == "HardSigmoid") attributes.emplace("beta", numbers[1]);
  }
  return attributes;
}

void activate(Composer& c, const Node& node, std::string x) {
  const std::string activation = word(node, "activation", "");
  if (activation.empty()) return c.finish("Identity", {std::move(x)});
  if (activation != "Clip") return c.finish(activation, {std::move(x)}, numbers_of(node, activation));
  const std::vector<float> limits = reals(node, "activation_params", {});
  if (limits.size() != 2)
    throw Unmapped{fmt::format("its 'activation_params' has {} numbers; a Clip has 2", limits.size()), ""};
  c.finish("Clip", {std::move(x), c.number(limits[0]), c.number(limits[1])});
}

std::vector<std::string> first_inputs(const Node& node, size_t count) {
  return {node.inputs.begin(),
          node.inputs.begin() + static_cast<int64_t>(std::min(count, node.inputs.size()))};
}

Attributes without_activation(Attributes attributes) {
  for (const char* name : {"activation", "activation_params", "activation_alpha", "activation_beta"})
    attributes.erase(name);
  return attributes;
}

}  // namespace

// act(conv(x) + z)
std::optional<Composition> compose_fused_conv(const Translation& t, const Node& node) {
  Composer c(t, node);
  std::string y = c.add("Conv", first_inputs(node, 3), without_activation(node.attributes));
  if (has_input(node, 3)) y = c.add("Add", {y, node.inputs[3]});
  activate(c, node, y);
  return c.take();
}

std::optional<Composition> compose_fused_gemm(const Translation& t, const Node& node) {
  Composer c(t, node);
  activate(c, node, c.add("Gemm", first_inputs(node, 3), without_activation(node.attributes)));
  return c.take();
}

// alpha A' B', where A' has the last two axes of A the other way round if transA is set
std::optional<Composition> compose_fused_matmul(const Translation& t, const Node& node) {
  if (integer(node, "transBatchA", 0) != 0 || integer(node, "transBatchB", 0) != 0) return std::nullopt;
  Composer c(t, node);
  const auto side = [&](size_t index, const char* turns) {
    const auto rank = static_cast<int64_t>(dims_of_input(t, node, index).size());
    if (integer(node, turns, 0) == 0 || rank < 2) return node.inputs[index];
    std::vector<int64_t> order;
    for (int64_t i = 0; i + 2 < rank; ++i) order.push_back(i);
    order.insert(order.end(), {rank - 1, rank - 2});
    return c.transpose(node.inputs[index], order);
  };
  const std::string a = side(0, "transA"), b = side(1, "transB");
  const float alpha = real(node, "alpha", 1);
  if (alpha == 1)
    c.finish("MatMul", {a, b});
  else
    c.finish("Mul", {c.add("MatMul", {a, b}), c.number(alpha)});
  return c.take();
}

// Gelu(x), BiasGelu(x + bias), and FastGelu with tanh and a bias that may be left out
std::optional<Composition> compose_gelu(const Translation& t, const Node& node) {
  Composer c(t, node);
  const std::string x = has_input(node, 1) ? c.add("Add", first_inputs(node, 2)) : node.inputs.at(0);
  const std::string form = node.op == "FastGelu" ? "tanh" : "none";
  c.finish("Gelu", {x}, {{"approximate", form}});
  return c.take();
}

std::optional<Composition> compose_quick_gelu(const Translation& t, const Node& node) {
  Composer c(t, node);
  const std::string& x = node.inputs.at(0);
  c.finish("Mul", {x, c.add("Sigmoid", {c.add("Mul", {x, c.number(real(node, "alpha", 1.702F))})})});
  return c.take();
}

std::optional<Composition> compose_rmsnorm(const Translation& t, const Node& node) {
  Composer c(t, node);
  c.finish("RMSNormalization", first_inputs(node, 2),
           {{"axis", integer(node, "axis", -1)}, {"epsilon", real(node, "epsilon", 1e-5F)}});
  return c.take();
}

// What ONNX has under the same name since.
std::optional<Composition> compose_same(const Translation& t, const Node& node) {
  Composer c(t, node);
  c.finish(node.op, node.inputs, node.attributes);
  return c.take();
}

// layernorm(x + skip + bias) of the last axis, or rmsnorm, which has no shift; the sum is output 3
std::optional<Composition> compose_skip_layernorm(const Translation& t, const Node& node) {
  const bool is_simple = node.op == "SkipSimplifiedLayerNormalization";
  const size_t bias = is_simple ? 3 : 4;
  Composer c(t, node);
  std::string sum = c.add("Add", first_inputs(node, 2));
  if (has_input(node, bias)) sum = c.add("Add", {sum, node.inputs[bias]});
  std::vector<std::string> inputs = {sum};
  for (size_t i = 2; i < bias; ++i)
    if (has_input(node, i)) inputs.push_back(node.inputs[i]);
  c.finish(is_simple ? "RMSNormalization" : "LayerNormalization", inputs,
           {{"axis", int64_t{-1}}, {"epsilon", real(node, "epsilon", 1e-5F)}});
  c.finish("Identity", {sum}, {}, 3);
  return c.take();
}

}  // namespace cnnc::onnx
