// Floats that are rounded to bytes and stored, in kernels' code: of four vectors whose bytes lie behind each
// other one store, of conversions that saturate, in place of four, each of a vector's narrowed lanes.
#pragma once
#include <llvm/IR/Module.h>

#include "target/target.h"

namespace cnnc {

// Looks for what quantized() of kernels/quantization.h has become. The same bytes for all floats. Leaves a
// module for a target that lacks the instructions (Target::packs_bytes) as it is.
void pack_bytes(llvm::Module& module, const Target& target);

}  // namespace cnnc
