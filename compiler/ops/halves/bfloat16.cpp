// Floats rounded to bfloat16; and the sum with an operand that is stored so.
#include "ops/elementwise/elementwise.h"
#include "ops/halves/halves.h"
#include "ops/registry.h"
#include "support/half.h"

namespace cnnc {

double rounded_to_bfloat16(double value) {
  if (std::isnan(value)) return value;
  return float_from_bf16(bf16_from_float(static_cast<float>(value)));
}

namespace ops {
namespace {

// Monotone, so that an error moves the result no farther than at its ends.
Element apply(const Attributes&, Element x) {
  return {rounded_to_bfloat16(x.value), inherited_error(rounded_to_bfloat16, x)};
}

Operator make_bfloat16() {
  Operator op = activation<apply>("bfloat16", "floats rounded to bfloat16", {}, cheap_facts());
  op.facts.stores = ElementType::bfloat16;
  return op;
}

Operator make_add() {
  Operator op = *find_layer("add");
  op.name = "add_bfloat16";
  op.summary = "the sum with a tensor of bfloat16; an epilogue alone";
  op.inputs = 2;
  op.facts.takes = ElementType::bfloat16;
  return op;
}

}  // namespace

extern const Operator bfloat16 = make_bfloat16();
const Operator& add_bfloat16() {
  static const Operator op = make_add();
  return op;
}

}  // namespace ops
}  // namespace cnnc
