// The product of tensors, element by element; with a map of channels x 1 x 1 each channel is scaled
// (squeeze-and-excitation: Hu et al. 2018).
#include "ops/elementwise/broadcast.h"
#include "ops/elementwise/elementwise.h"

namespace cnnc::ops {
namespace {

OperatorResult<Shape> infer(const Attributes&, const std::vector<Shape>& inputs) {
  return infer_broadcast("multiply", inputs);
}

// Of n tensors: the product of all |x| + e less that of all |x|, and gamma(n - 1) times the former.
Element product_at(const std::vector<Reference>& factors, int64_t i) {
  double product = 1, magnitude = 1, inherited = 0;
  bool has_zero = false;  // perhaps
  for (const Reference& factor : factors) {
    const Element x = element_at(factor, i);
    inherited = inherited * (std::fabs(x.value) + x.bound) + std::fabs(product) * x.bound;
    product *= x.value;
    magnitude *= std::fabs(x.value) + x.bound;
    has_zero = has_zero || may_be_zero(x);
  }
  return product_with_error(product, has_zero, inherited,
                            rounding(static_cast<int64_t>(factors.size()) - 1, magnitude));
}

Reference evaluate(const Node& node, const std::vector<const Reference*>& inputs,
                   const std::vector<Shape>& shapes) {
  const std::vector<Reference> factors = broadcast(inputs, shapes, node.shape);
  Reference result;
  for (int64_t i = 0; i < node.shape.elements(); ++i) {
    const Element y = product_at(factors, i);
    result.values.push_back(y.value);
    result.bounds.push_back(y.bound);
  }
  return result;
}

}  // namespace

extern const Operator multiply = {
    "multiply", "the product of tensors", join_facts(false), 0, {}, infer, nullptr, nullptr, nullptr,
    evaluate};

}  // namespace cnnc::ops
