// Products of matrices: … x M x K times … x K x N is … x M x N, the axes in front under numpy's broadcasting
// rule.
#include <fmt/format.h>

#include "ops/axes.h"
#include "ops/checks.h"
#include "ops/elementwise/broadcast.h"
#include "ops/elementwise/elementwise.h"

namespace cnnc::ops {
namespace {

// The axes in front of the last two.
Shape batch_of(const Shape& shape) {
  return Shape(std::vector<int64_t>(shape.sizes.begin(), shape.sizes.end() - 2));
}

OperatorResult<Shape> infer(const Attributes&, const std::vector<Shape>& inputs) {
  if (inputs.size() != 2)
    return OperatorError{"", fmt::format("'matmul' takes two tensors; found {}", inputs.size()),
                         "write 'matmul with NAME'"};
  const Shape &a = inputs[0], &b = inputs[1];
  const auto mismatch = [&](const char* why) {
    return OperatorError{
        "", fmt::format("'matmul' cannot multiply {} and {}: {}", to_string(a), to_string(b), why),
        "it multiplies … x M x K by … x K x N"};
  };
  if (a.rank() < 2 || b.rank() < 2) return mismatch("a matrix has two axes");
  if (a.sizes[a.rank() - 1] != b.sizes[b.rank() - 2])
    return mismatch("the last size of the first is the last but one of the second");
  const std::optional<Shape> batch = repeated_together(batch_of(a), batch_of(b));
  if (!batch) return mismatch("the axes in front do not fit");
  Shape result = *batch;
  result.sizes.push_back(a.sizes[a.rank() - 2]);
  result.sizes.push_back(b.sizes[b.rank() - 1]);
  if (auto error = want_elements("", "the result", result)) return *error;
  return result;
}

int64_t macs(const Attributes&, const std::vector<Shape>& inputs, const Shape& output) {
  return output.elements() * inputs.at(0).sizes.back();
}

// sum |a| e_b + |b| e_a + e_a e_b, and gamma(K) times the sum of the magnitudes' products.
Element dot(const Reference& a, int64_t at_a, const Reference& b, int64_t at_b, int64_t step_b, int64_t k) {
  double sum = 0, magnitude = 0, inherited = 0;
  for (int64_t i = 0; i < k; ++i) {
    const Element x = element_at(a, at_a + i), y = element_at(b, at_b + i * step_b);
    sum += x.value * y.value;
    const double most = (std::fabs(x.value) + x.bound) * (std::fabs(y.value) + y.bound);
    magnitude += most;
    inherited += std::fabs(x.value) * y.bound + (std::fabs(y.value) + y.bound) * x.bound;
  }
  return {sum, inherited + rounding(k, magnitude)};
}

Reference evaluate(const Node& node, const std::vector<const Reference*>& inputs,
                   const std::vector<Shape>& shapes) {
  const Shape &a = shapes.at(0), &b = shapes.at(1);
  const int64_t m = a.sizes[a.rank() - 2], k = a.sizes.back(), n = b.sizes.back();
  const Shape batch = batch_of(node.shape);
  const auto left = indices_of(batch, broadcast_source(batch_of(a), batch));
  const auto right = indices_of(batch, broadcast_source(batch_of(b), batch));
  Reference result;
  for (size_t i = 0; i < left.size(); ++i)
    for (int64_t row = 0; row < m; ++row)
      for (int64_t column = 0; column < n; ++column) {
        const Element e =
            dot(*inputs[0], (left[i] * m + row) * k, *inputs[1], right[i] * k * n + column, n, k);
        result.values.push_back(e.value);
        result.bounds.push_back(e.bound);
      }
  return result;
}

}  // namespace

extern const Operator matmul = {
    "matmul", "the product of matrices", product_facts(), 0, {}, infer, nullptr, macs, nullptr, evaluate};

}  // namespace cnnc::ops
