// The sum of tensors of one shape, element by element.
#include <fmt/format.h>

#include <cmath>

#include "ops/checks.h"
#include "ops/reference.h"

namespace cnnc::ops {
namespace {

OperatorResult<Shape> infer(const Attributes&, const std::vector<Shape>& inputs) {
  if (auto error = want_several("add", inputs)) return *error;
  for (const Shape& other : inputs)
    if (other != inputs[0])
      return OperatorError{"",
                           fmt::format("'add' wants tensors of one shape; found {} and {}",
                                       to_string(inputs[0]), to_string(other)),
                           "bring them to one shape first, as a 1x1 conv with a stride does"};
  return inputs[0];
}

// Of n tensors: sum e + gamma(n - 1) sum (|x| + e).
Reference evaluate(const Node&, const std::vector<const Reference*>& inputs, const std::vector<Shape>&) {
  const int64_t additions = inputs.size() - 1;
  Reference result;
  for (size_t i = 0; i < inputs.at(0)->values.size(); ++i) {
    double sum = 0, magnitude = 0, inherited = 0;
    for (const Reference* x : inputs) {
      sum += x->values[i];
      magnitude += std::fabs(x->values[i]) + x->bounds[i];
      inherited += x->bounds[i];
    }
    result.values.push_back(sum);
    result.bounds.push_back(inherited + rounding(additions, magnitude));
  }
  return result;
}

}  // namespace

extern const Operator add = {
    "add",   "the sum of tensors of one shape", Pattern::elementwise, 0, {}, infer, nullptr, nullptr, nullptr,
    evaluate};

}  // namespace cnnc::ops
