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
  OPERATOR(batchnorm)              \
  OPERATOR(ceil)                   \
  OPERATOR(celu)                   \
  OPERATOR(channel_shuffle)        \
  OPERATOR(clip)                   \
  OPERATOR(concat)                 \
  OPERATOR(concat_along)           \
  OPERATOR(conv)                   \
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
  OPERATOR(minimum)                \
  OPERATOR(minimum_constant)       \
  OPERATOR(mish)                   \
  OPERATOR(multiply)               \
  OPERATOR(multiply_constant)      \
  OPERATOR(neg)                    \
  OPERATOR(pad)                    \
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
  OPERATOR(upconv)                 \
  OPERATOR(upsample)               \
  OPERATOR(where)

namespace cnnc {

namespace ops {
#define CNNC_DECLARE(name) extern const Operator name;
CNNC_OPERATORS(CNNC_DECLARE)
}  // namespace ops

const std::vector<const Operator*>& operators() {
#define CNNC_ADDRESS(name) &ops::name,
  static const std::vector<const Operator*> all = {CNNC_OPERATORS(CNNC_ADDRESS)};
  return all;
}

const Operator* find_operator(std::string_view name) {
  for (const Operator* candidate : operators())
    if (candidate->name == name) return candidate;
  return nullptr;
}

const Operator& operator_of(const Node& node) {
  if (const Operator* found = find_operator(node.op)) return *found;
  throw std::logic_error(fmt::format("node '{}': no operator '{}'", node.name, node.op));
}

OperatorFacts facts_of(const Node& node) {
  return is_input(node) ? OperatorFacts() : operator_of(node).facts;
}

}  // namespace cnnc
