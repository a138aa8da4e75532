#include "emit/stack_frames.h"

#include <llvm/IR/DiagnosticInfo.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Instructions.h>

#include <stdexcept>

namespace cnnc {

namespace {

// The return address, and what aligns a frame to a vector, are not in the size that LLVM says.
constexpr int64_t kBesideFrame = 8 + 64;

void require_constant_size(const llvm::Function& function) {
  for (const llvm::Instruction& instruction : llvm::instructions(function)) {
    const auto* allocation = llvm::dyn_cast<llvm::AllocaInst>(&instruction);
    if (allocation && !allocation->isStaticAlloca())
      throw std::logic_error(function.getName().str() + " takes memory of no constant size from the stack");
  }
}

}  // namespace

// LLVM warns of frames of more than so many bytes: here of all, and the warnings come to us.
StackFrames::StackFrames(llvm::Module& module) {
  for (llvm::Function& function : module) {
    if (function.isDeclaration()) continue;
    require_constant_size(function);
    function.addFnAttr("warn-stack-size", "0");
    bytes_[function.getName().str()] = kBesideFrame;
  }
  module.getContext().setDiagnosticHandlerCallBack(&StackFrames::add, this);
}

void StackFrames::add(const llvm::DiagnosticInfo& info, void* frames) {
  if (const auto* stack = llvm::dyn_cast<llvm::DiagnosticInfoStackSize>(&info))
    static_cast<StackFrames*>(frames)->bytes_[stack->getFunction().getName().str()] +=
        static_cast<int64_t>(stack->getStackSize());
}

int64_t StackFrames::sum() const {
  int64_t sum = 0;
  for (const auto& [function, bytes] : bytes_) sum += bytes;
  return sum;
}

}  // namespace cnnc
