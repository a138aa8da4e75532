// The body of a run as LLVM code: each step's kernel called on its tensors.
#pragma once
#include <llvm/IR/IRBuilder.h>

#include "emit/interface.h"
#include "plan/plan.h"

namespace cnnc {

// Adds a private function void name(inputs…, outputs…, workspace, weights, threads[, seconds]) that calls all
// kernels; `threads` is null or a struct cnnc_rt_threads; with `timed` it writes the seconds of each step to
// its last argument.
llvm::Function* add_steps_function(llvm::Module& module, const Plan& plan, const Symbols& symbols,
                                   const std::string& name, bool timed);

}  // namespace cnnc
