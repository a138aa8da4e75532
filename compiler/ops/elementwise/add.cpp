// The sum of tensors, element by element.
#include "ops/elementwise/broadcast.h"
#include "ops/elementwise/elementwise.h"

namespace cnnc::ops {
namespace {

OperatorResult<Shape> infer(const Attributes&, const std::vector<Shape>& inputs) {
  return infer_broadcast("add", inputs);
}

// Of n tensors: sum e + gamma(n - 1) sum (|x| + e).
Reference evaluate(const Node& node, const std::vector<const Reference*>& inputs,
                   const std::vector<Shape>& shapes) {
  const int64_t additions = inputs.size() - 1;
  const std::vector<Reference> terms = broadcast(inputs, shapes, node.shape);
  Reference result;
  for (int64_t i = 0; i < node.shape.elements(); ++i) {
    double sum = 0, magnitude = 0, inherited = 0;
    for (const Reference& term : terms) {
      const Element x = element_at(term, i);
      sum += x.value;
      magnitude += std::fabs(x.value) + x.bound;
      inherited += x.bound;
    }
    const Element y = sum_with_error(sum, inherited, rounding(additions, magnitude));
    result.values.push_back(y.value);
    result.bounds.push_back(y.bound);
  }
  return result;
}

}  // namespace

extern const Operator add = {
    "add", "the sum of tensors", join_facts(true), 0, {}, infer, nullptr, nullptr, nullptr, evaluate};

}  // namespace cnnc::ops
