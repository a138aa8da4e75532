// What this machine's arithmetic can do at best.
#pragma once
#include "target/target.h"

namespace cnnc {

// Floating-point operations a second of one thread that does nothing but multiply and add in registers with
// the instruction set's widest vectors (fused, where it has that): the best of slices of a tenth of
// `seconds`. The instruction set must be this machine's.
double peak_flops(Isa isa, double seconds = 0.1);

// The same of products of bytes and their sums, as kernels of bytes make them; 0 where that cannot be
// measured.
double peak_byte_operations(Isa isa, double seconds = 0.1);

}  // namespace cnnc
