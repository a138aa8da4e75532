// Loads of every second to fourth element, of which Halide 14 makes wrong code.
#pragma once
#include <Halide.h>

namespace cnnc {

// Halide loads such elements as whole vectors, the first of which begins where a multiple of the stride is:
// at the first element or up to three before it (CodeGen_LLVM.cpp, visit(const Load*)). It goes wrong twice,
// and is right about the same loads written otherwise:
//  - A constant place has an alignment "modulus 0". By that n mod 0 is 0 (IROperator.h, mod_imp), so that
//    vectors which begin before the first element always count as aligned, and an aligned load of what is not
//    is a crash. Such a load gets another modulus, by which as much is known.
//  - Of a place "variable + 7", where it does not know what the variable is a multiple of, it begins up to
//    three elements early because 7 is no multiple of the stride, though the place may be the first element
//    of the tensor. In the workspace that is no matter; before a caller's tensor nothing may be read. In "7 +
//    variable" Halide sees no constant, and begins at the first element.
// Halide 19 has no such loads any more (kHasWrongStridedLoads).
void mend_strided_loads(Halide::Module& module);

}  // namespace cnnc
