// What operators on each element of one tensor have in common.
#pragma once
#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "ops/operator.h"
#include "ops/reference.h"

namespace cnnc {

// The shape rule: the result has the input's shape.
inline OperatorResult<Shape> infer_same(const Attributes&, const std::vector<Shape>& inputs) {
  return inputs.at(0);
}

// An element of a reference: its value and its error bound.
struct Element {
  double value, bound;
};

inline Element element_at(const Reference& reference, int64_t index) {
  return {reference.values.at(index), reference.bounds.at(index)};
}

// The error that the one of x becomes in f(x). f is monotone on either side of `turn`, so the value that lies
// farthest from f(x) is at an end of the interval x ± bound or at the turn.
template <class Function>
double inherited_error(Function f, Element x, double turn = 0) {
  if (x.bound == 0) return 0;
  const double y = f(x.value);
  const double at_ends = std::max(std::fabs(f(x.value - x.bound) - y), std::fabs(f(x.value + x.bound) - y));
  return std::fabs(x.value - turn) < x.bound ? std::max(at_ends, std::fabs(f(turn) - y)) : at_ends;
}

// f(x), where a kernel's f is within `roundings` u of f, relatively.
template <class Function>
Element element_of(Function f, Element x, int roundings, double turn = 0) {
  const double y = f(x.value), inherited = inherited_error(f, x, turn);
  return {y, inherited + rounding(roundings, std::fabs(y) + inherited)};
}

// What a kernel's 1 / (1 + e^-x) may miss where e^-x leaves the range of float.
constexpr double kSigmoidTail = 1.01e-37;

// function(Element) -> Element, for each element.
template <class Function>
Reference for_each_element(const Reference& input, Function function) {
  Reference result;
  for (size_t i = 0; i < input.values.size(); ++i) {
    const Element e = function(Element{input.values[i], input.bounds[i]});
    result.values.push_back(e.value);
    result.bounds.push_back(e.bound);
  }
  return result;
}

// A real attribute as kernels have it: rounded to float, once.
inline double float_of(const Attributes& attributes, std::string_view name) {
  return static_cast<double>(static_cast<float>(real(attributes, name)));
}

// The greatest float: the limit of attributes that may be any number.
constexpr double kGreatestFloat = 0x1.fffffep127;

// An activation: an operator on each element of one tensor, without parameters, by its reference evaluation
// of one.
template <Element (*apply)(const Attributes&, Element)>
Operator activation(std::string_view name, std::string_view summary,
                    std::vector<AttributeRule> attributes = {}, OperatorFacts facts = elementwise_facts()) {
  Operator op{name, summary, facts, 1, std::move(attributes), infer_same};
  op.evaluate = [](const Node& node, const std::vector<const Reference*>& inputs, const std::vector<Shape>&) {
    return for_each_element(*inputs.at(0), [&](Element x) { return apply(node.attributes, x); });
  };
  return op;
}

}  // namespace cnnc
