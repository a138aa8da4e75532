// The body of a run as LLVM code: each step's kernel called on its tensors.
#pragma once
#include <llvm/IR/IRBuilder.h>

#include "emit/library/symbols.h"
#include "plan/plan.h"

namespace cnnc {

// What a run reports: nothing; the seconds of each layer; or these and, as an int32_t, the number of the
// layer that is being computed.
enum class Reports { nothing, seconds, seconds_and_layer };

// Adds a private function void name(inputs…, outputs…, workspace, weights, threads[, seconds[, layer]]) that
// calls all kernels; `threads` is null or a struct cnnc_rt_threads; `seconds` and `layer` are where to
// report.
llvm::Function* add_steps_function(llvm::Module& module, const Plan& plan, const Symbols& symbols,
                                   const std::string& name, Reports reports);

}  // namespace cnnc
