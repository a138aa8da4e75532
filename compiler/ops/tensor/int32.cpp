// The elements as whole numbers of 32 bits, without their fractions: an output, which no layer reads.
#include "ops/elementwise/elementwise.h"

namespace cnnc::ops {
namespace {

// What is no such number is left open.
Element apply(Element x) {
  constexpr double kBeyond = 2147483648.0;
  if (!(std::fabs(x.value) + x.bound < kBeyond)) return {std::trunc(x.value), HUGE_VAL};
  return element_of([](double t) { return std::trunc(t); }, x, 0);
}

Reference evaluate(const Node&, const std::vector<const Reference*>& inputs, const std::vector<Shape>&) {
  return for_each_element(*inputs.at(0), apply);
}

OperatorFacts facts() {
  OperatorFacts facts = tensor_parts_facts();
  facts.stores = ElementType::int32;
  facts.continues_line = true;
  return facts;
}

}  // namespace

extern const Operator int32 = {"int32", "the elements as whole numbers, for an output",
                               facts(), 1,
                               {},      infer_same,
                               nullptr, nullptr,
                               nullptr, evaluate};

}  // namespace cnnc::ops
