// One value for all places along some axes, which stay with a size of 1: mean, sum, greatest, least, product.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ops/axes.h"
#include "ops/elementwise/elementwise.h"

namespace cnnc::ops {
namespace {

OperatorResult<Shape> infer(const Attributes& a, const std::vector<Shape>& inputs) {
  const std::vector<int64_t>& axes = sizes(a, "axes");
  if (auto error = want_axes("axes", axes, inputs.at(0))) return *error;
  Shape result = inputs[0];
  for (const int64_t axis : axes) result.sizes[static_cast<size_t>(axis)] = 1;
  return result;
}

using Elements = std::vector<Element>;

// Sum of the bounds, and gamma(n - 1) times that of the magnitudes.
Element sum(const Elements& x) {
  double value = 0, inherited = 0, magnitude = 0;
  for (const Element& e : x) {
    value += e.value;
    inherited += e.bound;
    magnitude += std::fabs(e.value) + e.bound;
  }
  return sum_with_error(value, inherited, rounding(static_cast<int64_t>(x.size()) - 1, magnitude));
}

// The quotient is rounded, or the product with a rounded reciprocal.
Element mean(const Elements& x) {
  const Element all = sum(x);
  const auto n = static_cast<double>(x.size());
  return sum_with_error(all.value / n, all.bound / n, rounding(2, (std::fabs(all.value) + all.bound) / n));
}

// What is not a number stays: a kernel gives it as well.
Element greatest(const Elements& x) {
  Element result = x.at(0);
  for (const Element& e : x) {
    if (e.value > result.value || std::isnan(e.value)) result.value = e.value;
    result.bound = std::max(result.bound, e.bound);
  }
  return result;
}

Element least(const Elements& x) {
  Element result = x.at(0);
  for (const Element& e : x) {
    if (e.value < result.value || std::isnan(e.value)) result.value = e.value;
    result.bound = std::max(result.bound, e.bound);
  }
  return result;
}

// The product of all |x| + e less that of all |x|, and gamma(n - 1) times the former. In whatever order the
// elements are multiplied, products on the way may become 0 below the least normal float, and then meet those
// elements that are greater than 1; where the product of these is greater than a float can be, nothing is
// known.
Element product(const Elements& x) {
  double value = 1, magnitude = 1, inherited = 0, greatest = 1;
  for (const Element& e : x) {
    inherited = inherited * (std::fabs(e.value) + e.bound) + std::fabs(value) * e.bound;
    value *= e.value;
    magnitude *= std::fabs(e.value) + e.bound;
    greatest *= std::max(1.0, std::fabs(e.value) + e.bound);
  }
  const auto n = static_cast<int64_t>(x.size());
  if (n > 1 && greatest > kGreatestFloat) return {value, HUGE_VAL};
  const double underflow = static_cast<double>(n - 1) * kLeastNormal * greatest;
  return {value, inherited + rounding(n - 1, magnitude) + underflow};
}

template <Element (*function)(const Elements&)>
Reference evaluate(const Node& node, const std::vector<const Reference*>& inputs,
                   const std::vector<Shape>& shapes) {
  const Shape& input = shapes.at(0);
  const Strided all{0, strides_of(input)};
  Shape part = input;  // what one value is made of
  for (size_t i = 0; i < part.rank(); ++i)
    if (node.shape.sizes[i] == input.sizes[i]) part.sizes[i] = 1;
  const std::vector<int64_t> inside = indices_of(part, all);
  Reference result;
  Elements elements(inside.size());
  for (const int64_t start : indices_of(node.shape, all)) {
    for (size_t i = 0; i < inside.size(); ++i) elements[i] = element_at(*inputs.at(0), start + inside[i]);
    const Element e = function(elements);
    result.values.push_back(e.value);
    result.bounds.push_back(e.bound);
  }
  return result;
}

template <Element (*function)(const Elements&)>
Operator reduction(std::string_view name, std::string_view summary) {
  Operator op{
      name, summary, reduction_facts(), 1, {{"axes", AttributeKind::axes, true, std::nullopt, 0, 5, "1"}},
      infer};
  op.evaluate = evaluate<function>;
  return op;
}

}  // namespace

extern const Operator reduce_max = reduction<greatest>("reduce_max", "the greatest element along axes");
extern const Operator reduce_mean = reduction<mean>("reduce_mean", "the mean along axes");
extern const Operator reduce_min = reduction<least>("reduce_min", "the least element along axes");
extern const Operator reduce_product = reduction<product>("reduce_product", "the product along axes");
extern const Operator reduce_sum = reduction<sum>("reduce_sum", "the sum along axes");

}  // namespace cnnc::ops
