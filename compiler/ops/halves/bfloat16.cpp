// Floats rounded to bfloat16; and the sum with an operand that is stored so.
#include <cstdint>
#include <cstring>

#include "ops/elementwise/elementwise.h"
#include "ops/halves/halves.h"
#include "ops/registry.h"

namespace cnnc {

double rounded_to_bfloat16(double value) {
  if (std::isnan(value)) return value;
  const auto single = static_cast<float>(value);
  uint32_t bits;
  std::memcpy(&bits, &single, sizeof bits);
  bits = (bits + 0x7fffu + (bits >> 16 & 1u)) & 0xffff0000u;
  float rounded;
  std::memcpy(&rounded, &bits, sizeof rounded);
  return rounded;
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
