// Operators on bfloat16, the upper half of a float: its sign, its exponent and 7 bits of its fraction. They
// are no layers of a text: passes/use_bfloat16.h puts them into a graph. Products of two such numbers are
// exact in a float, and sums are floats.
#pragma once

namespace cnnc {

// The bfloat16 that is nearest to a float, to even from the middle. NaN stays NaN.
double rounded_to_bfloat16(double value);

}  // namespace cnnc
