#include "emit/llvm/stack_frames.h"

#include <llvm/IR/DiagnosticHandler.h>
#include <llvm/IR/DiagnosticInfo.h>
#include <llvm/IR/DiagnosticPrinter.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Instructions.h>
#include <llvm/Support/raw_ostream.h>

#include <stdexcept>

#include "runtime/cnnc_rt.h"

namespace cnnc {

static_assert(kMostKernelStack + kMostCallersStack + kRuntimeStack == CNNC_RT_STACK_BYTES);

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

struct StackFrames::Listener : llvm::DiagnosticHandler {
  StackFrames& frames;
  explicit Listener(StackFrames& to) : frames(to) {}
  bool handleDiagnostics(const llvm::DiagnosticInfo& info) override {
    frames.add(info);
    return true;
  }
};

// LLVM warns of frames of more than so many bytes: here of all, and the warnings come to us.
StackFrames::StackFrames(llvm::Module& module) : context_(module.getContext()) {
  for (llvm::Function& function : module) {
    if (function.isDeclaration()) continue;
    require_constant_size(function);
    function.addFnAttr("warn-stack-size", "0");
    bytes_[function.getName().str()] = kBesideFrame;
  }
  context_.setDiagnosticHandler(std::make_unique<Listener>(*this));
}

StackFrames::~StackFrames() {
  context_.setDiagnosticHandler(std::make_unique<llvm::DiagnosticHandler>());
}

// LLVM calls this, and nothing may be thrown through it.
void StackFrames::add(const llvm::DiagnosticInfo& info) {
  if (const auto* stack = llvm::dyn_cast<llvm::DiagnosticInfoStackSize>(&info)) {
    bytes_[stack->getFunction().getName().str()] += static_cast<int64_t>(stack->getStackSize());
  } else if (info.getSeverity() == llvm::DS_Error && error_.empty()) {
    llvm::raw_string_ostream text(error_);
    llvm::DiagnosticPrinterRawOStream printer(text);
    info.print(printer);
  }
}

void StackFrames::require_no_error() const {
  if (!error_.empty()) throw std::runtime_error("LLVM cannot make the code: " + error_);
}

int64_t StackFrames::sum() const {
  int64_t sum = 0;
  for (const auto& [function, bytes] : bytes_) sum += bytes;
  return sum;
}

}  // namespace cnnc
