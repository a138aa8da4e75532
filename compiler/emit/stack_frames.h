// How much of the stack the functions of a module use: known to LLVM when it makes their code, and to nobody
// before, since it also puts there what does not fit into registers.
#pragma once
#include <llvm/IR/Module.h>

#include <cstdint>
#include <map>
#include <string>

namespace cnnc {

// What a kernel may use of the stack that each thread may use for a run (CNNC_RT_STACK_BYTES), and the
// functions of the library that call it; the rest is for the runtime's, and for libc's memory functions.
constexpr int64_t kMostKernelStack = 244 << 10, kMostCallersStack = 10 << 10;

class StackFrames {
 public:
  // To be made before the code of the module, when no function is added any more, and to live until then.
  // Changes nothing of the code. Throws std::logic_error for a function whose frame has no constant size.
  explicit StackFrames(llvm::Module& module);
  StackFrames(const StackFrames&) = delete;
  StackFrames& operator=(const StackFrames&) = delete;

  // Once the code is made: bytes of the frame of each function. None calls itself, so no thread uses more of
  // the stack than all together, whichever of them call each other.
  const std::map<std::string, int64_t>& bytes() const { return bytes_; }
  int64_t sum() const;

 private:
  std::map<std::string, int64_t> bytes_;
  static void add(const llvm::DiagnosticInfo& info, void* frames);
};

}  // namespace cnnc
