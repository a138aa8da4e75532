// Dot products of bytes and of bfloat16 in kernels' code. Halide 14 makes them for one family of processors
// alone (Target::halide_dots), as calls of the intrinsics of VPDPBUSD and VDPBF16PS; here they become what
// the target has.
#pragma once
#include <llvm/IR/Module.h>

#include "target/target.h"

namespace cnnc {

// Replaces all such calls, and lets LLVM use the target's own instructions alone. Weights of 7 bits are from
// -64 to
// 64. To be called when no function is added any more. Leaves the module as it is where Halide makes no such
// calls for the target.
void define_dot_products(llvm::Module& module, const Target& target, int64_t weight_bits);

}  // namespace cnnc
