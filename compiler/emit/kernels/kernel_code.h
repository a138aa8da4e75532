// One kernel → code.
#pragma once
#include <string>

#include "plan/kernel.h"
#include "runtime/names.h"
#include "target/target.h"

namespace cnnc {

enum class KernelForm { object, stmt, llvm, assembly };

// Whether a kernel's function has a context as its first argument: it shares its work out, or has scratch
// memory. A strategy may share the work out.
inline bool wants_context(const Kernel& kernel) {
  return kernel.tasks > 1 || kernel.all_scratch() > 0 || !kernel.strategy.empty();
}

// The context of a kernel with scratch memory: an array of words, its threads (null, or a struct
// cnnc_rt_threads), the scratch memory, aligned to kAlignment, and the bytes from a thread's part of it to
// the next one's. Of a kernel without, it is the threads. An iteration of a loop whose threads have parts
// gets its thread's, and as the third word the address of a byte, 0 at first: whether what is computed once
// by each thread is there.
constexpr unsigned kThreadsWord = 0, kScratchWord = 1, kStrideWord = 2, kReadyWord = 2, kContextWords = 3;

// The runtime's functions of which a kernel with tasks calls one: the second if a task has scratch memory.
constexpr const char* kParallelLoop = CNNC_RT_SYMBOL(cnnc_rt_parallel_loop);
constexpr const char* kParallelLoopInScratch = CNNC_RT_SYMBOL(cnnc_rt_parallel_loop_in_scratch);

// Halide's buffer struct (halide_buffer_t), of which a kernel reads the address alone: the bytes before that,
// a word of 64 bits and a pointer; and the bytes of all, with the address, 16 bytes from a multiple of 8 on,
// and two more pointers.
constexpr int64_t host_offset(int64_t pointer_bytes) {
  return 8 + pointer_bytes;
}
constexpr int64_t buffer_bytes(int64_t pointer_bytes) {
  return (8 + 2 * pointer_bytes + 7) / 8 * 8 + 16 + 2 * pointer_bytes;
}

// The code of a kernel as a function `int symbol([context, ]inputs…, constants…, output)` of pointers to
// buffers in Halide's form, of which it reads only the address (see Kernel). Throws std::exception: Halide's
// errors are faults of cnnc. To be called in a child process (see workers.h). The code of a kernel with a
// strategy allocates memory by functions of libc, so it is for this process and no library.
std::string kernel_code(const Kernel& kernel, const Target& target, const std::string& symbol,
                        KernelForm form);

}  // namespace cnnc
