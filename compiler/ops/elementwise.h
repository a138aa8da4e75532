// What operators on each element of one tensor have in common.
#pragma once
#include <vector>

#include "ops/operator.h"

namespace cnnc {

// The shape rule: the result has the input's shape.
inline OperatorResult<Shape> infer_same(const Attributes&, const std::vector<Shape>& inputs) {
  return inputs.at(0);
}

// An element of a reference: its value and its error bound.
struct Element {
  double value, bound;
};

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

}  // namespace cnnc
