// One kernel → code.
#pragma once
#include <string>

#include "plan/plan.h"

namespace cnnc {

enum class KernelForm { object, stmt, llvm, assembly };

// The code of a kernel as a function `int symbol([threads, ]inputs…, constants…, output)` of pointers to
// buffers in Halide's form, of which it reads only the address (see Kernel). `threads` is there if the kernel
// has several tasks: null or a struct cnnc_rt_threads. Throws std::exception: Halide's errors are faults of
// cnnc. To be called in a child process (see workers.h).
std::string kernel_code(const Kernel& kernel, const Target& target, const std::string& symbol,
                        KernelForm form);

}  // namespace cnnc
