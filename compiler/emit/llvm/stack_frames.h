// How much of the stack the functions of a module use: known to LLVM when it makes their code, and to nobody
// before, since it also puts there what does not fit into registers.
#pragma once
#include <llvm/IR/Module.h>

#include <cstdint>
#include <map>
#include <string>

namespace cnnc {

// Of the stack that each thread may use for a run (CNNC_RT_STACK_BYTES): what a kernel may take, the
// functions of the library that call it, and what is left for the runtime's functions and libc's memory
// functions.
constexpr int64_t kMostKernelStack = 244 << 10, kMostCallersStack = 10 << 10, kRuntimeStack = 2 << 10;

class StackFrames {
 public:
  // To be made before the code of the module, when no function is added any more, and to live until then.
  // Changes nothing of the code. Throws std::logic_error for a function whose frame has no constant size.
  explicit StackFrames(llvm::Module& module);
  StackFrames(const StackFrames&) = delete;
  StackFrames& operator=(const StackFrames&) = delete;
  ~StackFrames();  // the module must live until then

  // Once the code is made: throws std::runtime_error with what LLVM found wrong, if it did. It goes on after
  // an error, and what it makes is no code.
  void require_no_error() const;

  // Once the code is made: bytes of the frame of each function. None calls itself, so no thread uses more of
  // the stack than all together, whichever of them call each other.
  const std::map<std::string, int64_t>& bytes() const { return bytes_; }
  int64_t sum() const;

 private:
  llvm::LLVMContext& context_;
  std::map<std::string, int64_t> bytes_;
  std::string error_;
  struct Listener;
  void add(const llvm::DiagnosticInfo& info);
};

}  // namespace cnnc
