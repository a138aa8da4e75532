#include "ops/registry.h"

#include <fmt/format.h>

#include <stdexcept>

// One line an operator: OPERATOR(conv) is the `conv` of conv.cpp.
#define CNNC_OPERATORS(OPERATOR)   \
  OPERATOR(abs)                    \
  OPERATOR(adaptive_avgpool)       \
  OPERATOR(adaptive_maxpool)       \
  OPERATOR(add)                    \
  OPERATOR(add_constant)           \
  OPERATOR(affine)                 \
  OPERATOR(argmax)                 \
  OPERATOR(argmin)                 \
  OPERATOR(avgpool)                \
  OPERATOR(avgpool3d)              \
  OPERATOR(batchnorm)              \
  OPERATOR(ceil)                   \
  OPERATOR(celu)                   \
  OPERATOR(channel_shuffle)        \
  OPERATOR(clip)                   \
  OPERATOR(concat)                 \
  OPERATOR(concat_along)           \
  OPERATOR(conv)                   \
  OPERATOR(conv3d)                 \
  OPERATOR(cos)                    \
  OPERATOR(crop)                   \
  OPERATOR(dense)                  \
  OPERATOR(depth_to_space)         \
  OPERATOR(divide)                 \
  OPERATOR(divide_constant)        \
  OPERATOR(dropout)                \
  OPERATOR(elu)                    \
  OPERATOR(equal)                  \
  OPERATOR(equal_constant)         \
  OPERATOR(erf)                    \
  OPERATOR(exp)                    \
  OPERATOR(expand)                 \
  OPERATOR(flatten)                \
  OPERATOR(flip)                   \
  OPERATOR(floor)                  \
  OPERATOR(gelu)                   \
  OPERATOR(global_avgpool)         \
  OPERATOR(global_maxpool)         \
  OPERATOR(greater)                \
  OPERATOR(greater_constant)       \
  OPERATOR(greater_equal)          \
  OPERATOR(greater_equal_constant) \
  OPERATOR(grid_sample)            \
  OPERATOR(grid_sample_constant)   \
  OPERATOR(groupnorm)              \
  OPERATOR(hardsigmoid)            \
  OPERATOR(hardswish)              \
  OPERATOR(instancenorm)           \
  OPERATOR(int32)                  \
  OPERATOR(l2norm)                 \
  OPERATOR(layernorm)              \
  OPERATOR(leaky_relu)             \
  OPERATOR(less)                   \
  OPERATOR(less_constant)          \
  OPERATOR(less_equal)             \
  OPERATOR(less_equal_constant)    \
  OPERATOR(log)                    \
  OPERATOR(log_softmax)            \
  OPERATOR(lrn)                    \
  OPERATOR(matmul)                 \
  OPERATOR(maximum)                \
  OPERATOR(maximum_constant)       \
  OPERATOR(maxpool)                \
  OPERATOR(maxpool3d)              \
  OPERATOR(minimum)                \
  OPERATOR(minimum_constant)       \
  OPERATOR(mish)                   \
  OPERATOR(multiply)               \
  OPERATOR(multiply_constant)      \
  OPERATOR(neg)                    \
  OPERATOR(pad)                    \
  OPERATOR(pad_along)              \
  OPERATOR(permute)                \
  OPERATOR(prelu)                  \
  OPERATOR(reciprocal)             \
  OPERATOR(reduce_max)             \
  OPERATOR(reduce_mean)            \
  OPERATOR(reduce_min)             \
  OPERATOR(reduce_product)         \
  OPERATOR(reduce_sum)             \
  OPERATOR(relu)                   \
  OPERATOR(relu6)                  \
  OPERATOR(reshape)                \
  OPERATOR(resize)                 \
  OPERATOR(rmsnorm)                \
  OPERATOR(round)                  \
  OPERATOR(selu)                   \
  OPERATOR(shrink)                 \
  OPERATOR(sigmoid)                \
  OPERATOR(sign)                   \
  OPERATOR(silu)                   \
  OPERATOR(sin)                    \
  OPERATOR(slice)                  \
  OPERATOR(softmax)                \
  OPERATOR(softplus)               \
  OPERATOR(softsign)               \
  OPERATOR(space_to_depth)         \
  OPERATOR(split)                  \
  OPERATOR(sqrt)                   \
  OPERATOR(square)                 \
  OPERATOR(subtract)               \
  OPERATOR(subtract_constant)      \
  OPERATOR(tanh)                   \
  OPERATOR(threshold)              \
  OPERATOR(tile)                   \
  OPERATOR(upconv)                 \
  OPERATOR(upconv3d)               \
  OPERATOR(upsample)               \
  OPERATOR(where)

namespace cnnc {

namespace ops {
#define CNNC_DECLARE(name) extern const Operator name;
CNNC_OPERATORS(CNNC_DECLARE)
CNNC_DECLARE(add_dequantized)
CNNC_DECLARE(dequantize)
CNNC_DECLARE(flip_sign_bit)
CNNC_DECLARE(integer_avgpool)
CNNC_DECLARE(quantize)
CNNC_DECLARE(bfloat16)
const Operator& add_bfloat16();
const Operator& bfloat16_conv();
const Operator& integer_conv();  // made of conv and dense when they are first asked for
const Operator& integer_dense();
}  // namespace ops

const std::vector<const Operator*>& operators() {
#define CNNC_ADDRESS(name) &ops::name,
  static const std::vector<const Operator*> all = {CNNC_OPERATORS(CNNC_ADDRESS)};
  return all;
}

const std::vector<const Operator*>& unwritten_operators() {
  static const std::vector<const Operator*> all = {
      &ops::add_dequantized, &ops::dequantize,      &ops::flip_sign_bit, &ops::integer_avgpool,
      &ops::integer_conv(),  &ops::integer_dense(), &ops::quantize,      &ops::bfloat16,
      &ops::add_bfloat16(),  &ops::bfloat16_conv()};
  return all;
}

namespace {

const Operator* find_in(const std::vector<const Operator*>& all, std::string_view name) {
  for (const Operator* candidate : all)
    if (candidate->name == name) return candidate;
  return nullptr;
}

}  // namespace

const Operator* find_layer(std::string_view name) {
  return find_in(operators(), name);
}

const Operator* find_operator(std::string_view name) {
  const Operator* layer = find_layer(name);
  return layer ? layer : find_in(unwritten_operators(), name);
}

const Operator& operator_of(const Node& node) {
  if (const Operator* found = find_operator(node.op)) return *found;
  throw std::logic_error(fmt::format("node '{}': no operator '{}'", node.name, node.op));
}

const Operator& operator_of_step(const EpilogueStep& step) {
  if (const Operator* found = find_operator(step.op)) return *found;
  throw std::logic_error(fmt::format("no operator '{}' of an epilogue", step.op));
}

OperatorFacts facts_of(const Node& node) {
  return is_input(node) ? OperatorFacts() : operator_of(node).facts;
}

std::vector<ElementType> element_types(const Graph& graph) {
  std::vector<ElementType> types;
  for (const Node& node : graph.nodes) {
    const OperatorFacts facts = facts_of(node);
    ElementType type = facts.keeps_type ? types[node.inputs[0]] : facts.stores;
    if (is_input(node) && node.attributes.count("scale") > 0) type = ElementType::uint8;
    if (!node.epilogue.empty()) {
      const ElementType last = operator_of_step(node.epilogue.back()).facts.stores;
      if (last != ElementType::float32) type = last;
    }
    types.push_back(type);
  }
  return types;
}

}  // namespace cnnc
