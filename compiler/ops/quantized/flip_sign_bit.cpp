// b + 128, without what leaves 8 bits: a byte with a sign, as an int8_t of the caller's is stored, from the
// one without that lies 128 above it, and the reverse.
#include "ops/quantized/quantized.h"

namespace cnnc::ops {
namespace {

constexpr double kHalf = 128;

double flipped(double b) {
  return b < kHalf ? b + kHalf : b - kHalf;
}

// A byte that may be one on the other side of the middle may become any.
Element apply(const Attributes&, Element b) {
  const bool may_cross = (b.value - b.bound < kHalf) != (b.value + b.bound < kHalf);
  return {flipped(b.value), may_cross ? kGreatestByte : b.bound};
}

Operator make() {
  OperatorFacts facts;
  facts.takes = ElementType::uint8;
  facts.stores = ElementType::uint8;
  return activation<apply>("flip_sign_bit", "bytes with a sign from such without, and the reverse", {},
                           facts);
}

}  // namespace

extern const Operator flip_sign_bit = make();

}  // namespace cnnc::ops
