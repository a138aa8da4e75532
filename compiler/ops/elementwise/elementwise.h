// What operators on each element of one tensor have in common.
#pragma once
#include <algorithm>
#include <cmath>
#include <limits>
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

// |a - b|; none of what is NaN on both sides, or the same infinity; infinite where one alone is.
inline double distance(double a, double b) {
  if (a == b || (std::isnan(a) && std::isnan(b))) return 0;
  const double difference = std::fabs(a - b);
  return std::isnan(difference) ? std::numeric_limits<double>::infinity() : difference;
}

// The error that the one of x becomes in f(x). f is monotone on either side of `turn`, so the value that lies
// farthest from f(x) is at an end of the interval x ± bound or at the turn. Where f is not defined on one
// side of a place, as the logarithm left of 0, an interval that reaches there makes it infinite: the result
// may be NaN or any number.
template <class Function>
double inherited_error(Function f, Element x, double turn = 0) {
  if (x.bound == 0) return 0;
  const double y = f(x.value);
  const double at_ends = std::max(distance(f(x.value - x.bound), y), distance(f(x.value + x.bound), y));
  return std::fabs(x.value - turn) < x.bound ? std::max(at_ends, distance(f(turn), y)) : at_ends;
}

// f(x), where a kernel's f is within `roundings` u of f, relatively.
template <class Function>
Element element_of(Function f, Element x, int roundings, double turn = 0) {
  const double y = f(x.value), inherited = inherited_error(f, x, turn);
  if (!std::isfinite(y)) return {y, inherited};
  return {y, inherited + rounding(roundings, std::fabs(y) + inherited)};
}

// A sum, whose terms have errors of `inherited` together. An infinity among them outweighs every error.
inline Element sum_with_error(double value, double inherited, double rounding_error) {
  if (std::isfinite(value)) return {value, inherited + rounding_error};
  return {value, std::isfinite(inherited) ? 0 : std::numeric_limits<double>::infinity()};
}

// A product, as well. That of an infinity and what may be 0 may be no number.
inline Element product_with_error(double value, bool may_be_zero, double inherited, double rounding_error) {
  if (std::isfinite(value)) return {value, inherited + rounding_error};
  return {value, may_be_zero ? std::numeric_limits<double>::infinity() : 0};
}

// Whether an element that is not known exactly may be 0, or anything.
inline bool may_be_zero(Element x) {
  return x.bound > 0 && !(std::fabs(x.value) > x.bound);
}

// A place where a function jumps, and its values on either side.
struct Jump {
  double place, below, above;
};

// The error of f(x), y, where that of x reaches a jump of f.
inline double error_at_jump(Element x, double y, Jump jump) {
  if (x.bound == 0 || !(std::fabs(x.value - jump.place) <= x.bound)) return 0;
  return std::max(std::fabs(jump.below - y), std::fabs(jump.above - y));
}

// A result that may leave the range of float: beyond the greatest one is an infinity.
inline Element in_range_of_float(Element y) {
  constexpr double kInfinite = std::numeric_limits<double>::infinity();
  constexpr double kBeyond = 0x1.ffffffp127;  // from here on the nearest float is none
  const double size = std::fabs(y.value);
  if (!(size + y.bound >= kBeyond)) return y;
  const double value = size >= kBeyond ? std::copysign(kInfinite, y.value) : y.value;
  return {value, size - y.bound >= kBeyond ? 0 : kInfinite};
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
